"""Who held a case: every working minute has one holder (SL-9)."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings

from services.sla.domain.facts import in_order
from services.sla.domain.holders import ENDS, Holder, holdings
from tests.unit.sla.cases import CN, a_case, at, wall
from tests.unit.sla.strategies import BEGIN, facts_of_a_case, instants

HOUR = 3600
MONDAY = "2026-10-12 10:00"


def told(case, now="2026-10-16 18:00"):
    return [(str(each.holder), each.owner, each.seconds / HOUR) for each in holdings(case.facts, CN, at(now))]


def test_a_case_goes_from_nobody_to_an_owner_to_the_customer_and_back():
    case = a_case(MONDAY).then("handed_over", "2026-10-12 14:00", set={"owner": "li.qiang"})
    case = case.then("waiting_started", "2026-10-13 10:00").then("waiting_ended", "2026-10-14 10:00")
    case = case.then("handed_over", "2026-10-14 11:00", set={"owner": "desk"}).then("resolved", "2026-10-14 16:00")
    assert told(case) == [
        ("nobody", None, 3),
        ("person", "li.qiang", 5),
        ("customer", "li.qiang", 8),
        ("person", "li.qiang", 1),
        ("person", "desk", 4),
    ]


def test_what_comes_after_the_end_is_nobody_s_unless_the_case_is_opened_again():
    ended = a_case(MONDAY).then("resolved", "2026-10-12 11:00").then("revisited", "2026-10-13 11:00")
    ended = ended.then("closed", "2026-10-13 12:00")
    assert told(ended) == [("nobody", None, 1)]
    again = ended.then("reopened", "2026-10-13 15:00").then("handed_over", "2026-10-13 16:00", set={"owner": "desk"})
    assert told(again, "2026-10-13 18:00") == [
        ("nobody", None, 1),
        ("ended", None, 11),
        ("nobody", None, 1),
        ("person", "desk", 2),
    ]


def test_a_wait_ends_with_the_case():
    case = a_case(MONDAY).then("waiting_started", "2026-10-12 11:00").then("resolved", "2026-10-12 14:00")
    case = case.then("reopened", "2026-10-12 15:00")
    assert told(case, "2026-10-12 16:00") == [
        ("nobody", None, 1),
        ("customer", None, 2),
        ("ended", None, 1),
        ("nobody", None, 1),
    ]


def test_each_time_has_the_region_of_its_day():
    case = a_case(MONDAY).then("corrected", "2026-10-12 11:00", set={"region": "north"})
    found = list(holdings(case.facts, CN, at("2026-10-12 12:00")))
    assert [(each.region, wall(each.begin)) for each in found] == [("south", MONDAY), ("north", "2026-10-12 11:00")]


@given(facts_of_a_case(), instants)
@settings(max_examples=150, deadline=None)
def test_the_times_follow_each_other_and_add_up_to_the_working_time_of_the_case(facts, now):
    found = list(holdings(facts, CN, now))
    first, *later = in_order(facts)
    ends = [fact for fact in later if fact.name in ENDS or fact.name == "reopened"]
    lives = "".join("r" if fact.name == "reopened" else "e" for fact in ends)
    open_again = not lives.endswith("e")
    end = max(now, first.at) if open_again else ends[len(lives.rstrip("e"))].at
    if first.at < end:
        assert (found[0].begin, found[-1].end) == (first.at, end)
    assert all(one.end == following.begin for one, following in pairwise(found))
    assert sum(each.seconds for each in found) == CN.work.between(first.at, max(first.at, end))
    assert all((each.holder is Holder.PERSON) <= (each.owner is not None) for each in found)


@given(facts_of_a_case())
@settings(max_examples=50, deadline=None)
def test_what_has_ended_gets_no_longer(facts):
    soon, later = BEGIN + timedelta(days=40), BEGIN + timedelta(days=50)
    _first, *rest = in_order(facts)
    lives = [fact.name for fact in rest if fact.name in ENDS or fact.name == "reopened"]
    if lives and lives[-1] != "reopened":
        assert list(holdings(facts, CN, soon)) == list(holdings(facts, CN, later))
