"""A policy beside the one in force, on the same facts."""

from collections import Counter

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sla.domain.comparing import FIGURES, OVERRUN, Comparison, warnings
from services.sla.domain.derive import Publication, clocks
from services.sla.domain.policy_file import read_policy
from services.sla.storage.policy_files import BUILTIN
from tests.unit.sla.cases import PUBLICATIONS, a_case, at
from tests.unit.sla.strategies import facts_of_a_case, instants

MONDAY = "2026-10-12 10:00"


def stricter():
    data = yaml.safe_load(BUILTIN.read_text(encoding="utf-8"))
    data["clocks"]["first_response"]["limit"] = {"elapsed_hours": 2}
    data["clocks"]["resolution"]["limit"] = {"working_days": 20}
    del data["clocks"]["handover"], data["promise"]["handed_over_by"]
    data["promise"]["handed_over_by"] = "first_response"
    return Publication(read_policy(data, "new.yaml"), PUBLICATIONS[0].calendars)


def compared(case, proposed=None, now="2026-11-30 10:00", owner="li"):
    comparison = Comparison(PUBLICATIONS, proposed or stricter())
    comparison.add("1", owner, case.facts, at(now))
    return comparison


def test_a_stricter_limit_is_newly_overrun_and_a_longer_one_saves():
    case = a_case(MONDAY, kind="inquiry").then("replied", "2026-10-12 15:00", due="2026-10-13 10:00")
    comparison = compared(case.then("resolved", "2026-10-27 10:00"))
    turned = [(each.clock.name, each.saved) for each in comparison.turned]
    assert turned == [("first_response", False), ("resolution", True)]
    sides = comparison.by_clock["first_response"].to_json()
    assert sides["present"] == dict.fromkeys(FIGURES, 0) | {"clocks": 1, "met": 1}
    assert sides["proposed"] == dict.fromkeys(FIGURES, 0) | {"clocks": 1, "overrun": 1, "warnings": 2}


def test_a_clock_that_one_side_does_not_have_is_counted_on_the_other():
    sides = compared(a_case(MONDAY)).by_clock["handover"]
    assert (sides.present["clocks"], sides.proposed["clocks"]) == (1, 0)


def test_warnings_before_a_wait_and_before_the_stop_are_counted():
    waiting = a_case(MONDAY, kind="accident").then("waiting_started", "2026-10-14 11:00")
    assert warnings(waiting.only("progress", "2026-10-20 10:00"), at("2026-10-20 10:00")) == 1
    assert warnings(a_case(MONDAY).only("first_response", "2026-10-12 21:00"), at("2026-10-12 21:00")) == 0
    late = a_case(MONDAY).then("handed_over", "2026-10-12 15:00")
    assert warnings(late.only("handover"), at("2026-12-01 10:00")) == 1


@given(st.lists(facts_of_a_case(), max_size=3), instants)
@settings(max_examples=40, deadline=None)
def test_the_same_rules_turn_nothing_and_figures_add_up(cases, now):
    comparison = Comparison(PUBLICATIONS, PUBLICATIONS[0])
    for number, facts in enumerate(cases):
        comparison.add(str(number), "li", facts, now)
    assert comparison.turned == []
    derived = [clock for facts in cases for clock in clocks(facts, PUBLICATIONS, now)]
    for sides in (*comparison.by_clock.values(), *comparison.by_owner.values()):
        assert sides.present == sides.proposed
        figures = sides.present
        assert figures["clocks"] == sum(figures[name] for name in ("met", "overrun", "running", "cancelled"))
    assert Counter(each.name for each in derived) == {n: s.present["clocks"] for n, s in comparison.by_clock.items()}
    overrun = sum(sides.present["overrun"] for sides in comparison.by_clock.values())
    assert overrun == sum(each.state in OVERRUN for each in derived)
