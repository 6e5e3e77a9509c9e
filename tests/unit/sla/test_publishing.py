"""What a publication does to clocks that run: keep, from now, recompute (SL-6)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sla.domain.announced import announced, written
from services.sla.domain.calendars import Calendar, Calendars
from services.sla.domain.derive import Publication, clocks
from services.sla.domain.limits import Counting, Limit
from services.sla.domain.policy_file import read_policy
from services.sla.domain.publishing import Running
from services.sla.domain.touched import touched
from services.sla.storage.policy_files import BUILTIN
from shared.base.yaml_file import read_yaml
from shared.kernel.errors import Invalid
from shared.worktime import WorkCalendar
from tests.unit.sla.cases import CN, POLICY, PUBLICATIONS, a_case, at, wall
from tests.unit.sla.strategies import BEGIN, facts_of_a_case

MONDAY = "2026-10-12 09:00"
FIRST = PUBLICATIONS[0]


def policy_with(version="2", **limits):
    """The built-in policy with other limits."""
    rules = dict(POLICY.clocks)
    for name, limit in limits.items():
        variants = tuple(replace(each, limit=limit) for each in rules[name].variants)
        rules[name] = replace(rules[name], variants=variants)
    return replace(POLICY, version=version, clocks=rules)


def calendar_with(version="cn-2", **row):
    """The calendar with other days."""
    return Calendars(Calendar("cn", version, WorkCalendar.from_dict(CN.work.to_dict() | row)))


def published(when, running, policy=POLICY, calendars=FIRST.calendars):
    return Publication(policy, calendars, at(when), running)


def named(case, name, *news, now="2027-06-30 12:00"):
    return [clock for clock in clocks(case.facts, [FIRST, *news], at(now)) if clock.name == name]


HOURS = {
    "keep": "2026-10-13 09:00",
    "from_now": "2026-10-13 11:00",
    "recompute": "2026-10-13 11:00",
}


@pytest.mark.parametrize(("running", "due"), HOURS.items())
def test_a_longer_limit_in_hours(running, due):
    case = a_case(MONDAY, verifiable=False)
    news = published("2026-10-12 10:30", Running(running), policy_with(investigation=Limit(Counting.WORKING_HOURS, 10)))
    (clock,) = named(case, "investigation", news, now="2026-10-12 10:31")
    due = {"keep": "2026-10-12 18:00"}.get(running, due)
    assert wall(clock.due_at) == due
    assert clock.policy_version == ("builtin-1" if running == "keep" else "builtin-2")


def test_what_is_used_counts_by_the_old_rules_and_what_is_left_by_the_new_ones():
    """Two working hours of eight are used at 11:00; of 24 elapsed hours a quarter is used then, 18 are left."""
    case = a_case(MONDAY, verifiable=False)
    news = published("2026-10-12 11:00", Running.FROM_NOW, policy_with(investigation=Limit(Counting.ELAPSED_HOURS, 24)))
    (clock,) = named(case, "investigation", news, now="2026-10-12 11:00")
    assert wall(clock.due_at) == "2026-10-13 05:00"
    assert (clock.total_seconds, clock.usage.used_seconds(clock.calendar, at("2026-10-12 12:00"))) == (86400, 7 * 3600)


def test_a_day_that_is_over_is_used_whatever_the_new_calendar_says_of_it():
    """Received on Monday, ten working days; on Thursday, Tuesday is declared a day off that nobody had."""
    case = a_case(MONDAY)
    calendars = calendar_with(day_hours={"2026-10-13": []})
    (now,) = named(case, "resolution", published("2026-10-15 12:00", Running.FROM_NOW, calendars=calendars))
    (anew,) = named(case, "resolution", published("2026-10-15 12:00", Running.RECOMPUTE, calendars=calendars))
    assert (wall(now.due_at), wall(anew.due_at)) == ("2026-10-26 18:00", "2026-10-27 18:00")


def test_a_day_that_comes_is_off_for_those_that_go_on_too():
    case = a_case(MONDAY)
    calendars = calendar_with(day_hours={"2026-10-20": []})
    dues = {
        running: wall(named(case, "resolution", published("2026-10-15 12:00", running, calendars=calendars))[0].due_at)
        for running in Running
    }
    assert dues == {"keep": "2026-10-26 18:00", "from_now": "2026-10-27 18:00", "recompute": "2026-10-27 18:00"}


def test_a_shorter_limit_that_is_used_up_ends_at_once_and_never_in_the_past():
    case = a_case(MONDAY, verifiable=False)
    short = policy_with(investigation=Limit(Counting.WORKING_HOURS, 1))
    (clock,) = named(case, "investigation", published("2026-10-12 11:00", Running.FROM_NOW, short))
    assert (wall(clock.due_at), clock.state) == ("2026-10-12 11:00", "breached")
    (anew,) = named(case, "investigation", published("2026-10-12 11:00", Running.RECOMPUTE, short))
    assert wall(anew.due_at) == "2026-10-12 10:00"


def test_a_wait_over_a_publication_does_not_count_on_either_side():
    """An hour used, then a wait from 10:00 to 14:00 with the publication in the middle: nine of ten hours are left."""
    rules = dict(POLICY.clocks)
    rules["investigation"] = replace(rules["investigation"], waits=rules["resolution"].waits)
    first = Publication(replace(POLICY, clocks=rules), FIRST.calendars)
    longer = dict(rules)
    variant = replace(rules["investigation"].variants[0], limit=Limit(Counting.WORKING_HOURS, 10))
    longer["investigation"] = replace(rules["investigation"], variants=(variant,))
    news = published("2026-10-12 11:00", Running.FROM_NOW, replace(POLICY, version="2", clocks=longer))
    case = a_case(MONDAY, verifiable=False).then("waiting_started", "2026-10-12 10:00")
    case = case.then("waiting_ended", "2026-10-12 14:00")
    found = {clock.name: clock for clock in clocks(case.facts, [first, news], at("2026-10-12 15:00"))}
    clock = found["investigation"]
    assert wall(clock.due_at) == "2026-10-13 15:00"
    assert clock.usage.used_seconds(clock.calendar, at("2026-10-12 15:00")) == 2 * 3600


def test_a_clock_that_is_kept_stops_pauses_and_restarts_by_its_own_rules_and_the_next_one_by_the_new():
    case = a_case(MONDAY).then("progress_recorded", "2026-10-13 10:00").then("progress_recorded", "2026-10-14 10:00")
    hours = policy_with(progress=Limit(Counting.WORKING_HOURS, 4))
    found = named(case, "progress", published("2026-10-13 12:00", Running.KEEP, hours))
    assert [(clock.policy_version, clock.state, clock.generation) for clock in found] == [
        ("builtin-1", "met", 1),
        ("builtin-1", "met", 2),
        ("builtin-2", "breached", 3),
    ]


def test_a_clock_that_the_new_policy_lacks_is_kept_to_its_end_or_cancelled():
    rules = {name: rule for name, rule in POLICY.clocks.items() if name != "resolution"}
    without = replace(POLICY, version="2", clocks=rules)
    case = a_case(MONDAY).then("resolved", "2026-10-15 12:00")
    states = {
        running: [
            str(each.state) for each in named(case, "resolution", published("2026-10-13 12:00", running, without))
        ]
        for running in Running
    }
    assert states == {"keep": ["met"], "from_now": ["cancelled"], "recompute": ["cancelled"]}
    again = case.then("reopened", "2026-10-16 10:00")
    assert len(named(again, "resolution", published("2026-10-13 12:00", Running.KEEP, without))) == 1


def test_recomputing_judges_facts_by_the_new_rules():
    """By the new policy the plan is what fulfils `resolution`, and it was agreed on Tuesday."""
    rules = dict(POLICY.clocks)
    rules["resolution"] = replace(rules["resolution"], stop=rules["progress"].restart)
    other = replace(POLICY, version="2", clocks=rules)
    case = a_case(MONDAY).then("plan_agreed", "2026-10-13 10:00")
    states = {
        running: [str(each.state) for each in named(case, "resolution", published("2026-10-14 12:00", running, other))]
        for running in Running
    }
    assert states == {"keep": ["breached"], "from_now": ["breached"], "recompute": ["met"]}


def test_a_new_clock_is_started_by_recomputing_alone_and_never_in_a_case_that_is_over():
    rules = POLICY.clocks | {"ours": replace(POLICY.clocks["resolution"], name="ours")}
    more = replace(POLICY, version="2", clocks=rules)
    case = a_case(MONDAY)
    started = {each: len(named(case, "ours", published("2026-10-13 12:00", each, more))) for each in Running}
    assert started == {"keep": 0, "from_now": 0, "recompute": 1}
    over = case.then("withdrawn", "2026-10-12 17:00")
    assert named(over, "ours", published("2026-10-13 12:00", Running.RECOMPUTE, more)) == []


@given(facts=facts_of_a_case(), running=st.sampled_from(Running), hours=st.integers(0, 28 * 24), data=st.data())
@settings(max_examples=60, deadline=None)
def test_the_same_facts_in_any_order_give_the_same_whatever_is_published(facts, running, hours, data):
    news = Publication(OTHER, OTHER_DAYS, BEGIN + timedelta(hours=hours), running)
    now = BEGIN + timedelta(days=60)
    expected = [shape(clock) for clock in clocks(facts, [FIRST, news], now)]
    shuffled = data.draw(st.permutations(facts)) + data.draw(st.lists(st.sampled_from(facts), max_size=3))
    assert [shape(clock) for clock in clocks(shuffled, [FIRST, news], now)] == expected


@given(facts=facts_of_a_case(), running=st.sampled_from(Running), hours=st.integers(0, 28 * 24))
@settings(max_examples=60, deadline=None)
def test_a_publication_that_changes_nothing_changes_nothing(facts, running, hours):
    same = Calendars(Calendar("cn", "cn-2", CN.work))
    news = Publication(replace(POLICY, version="2"), same, BEGIN + timedelta(hours=hours), running)
    now = BEGIN + timedelta(days=60)
    before = [shape(clock)[:-1] for clock in clocks(facts, [FIRST], now)]
    assert [shape(clock)[:-1] for clock in clocks(facts, [FIRST, news], now)] == before


@given(facts=facts_of_a_case(), running=st.sampled_from(Running), hours=st.integers(0, 30 * 24))
@settings(max_examples=100, deadline=None)
def test_a_publication_after_the_last_fact_rewrites_no_verdict_and_keep_moves_nothing(facts, running, hours):
    last = max(fact.at for fact in facts)
    when = last + timedelta(hours=hours, minutes=1)
    news = Publication(OTHER, OTHER_DAYS, when, running)
    before = {identity(clock): clock for clock in clocks(facts, [FIRST], when)}
    after = {identity(clock): clock for clock in clocks(facts, [FIRST, news], when)}
    for name, clock in before.items():
        verdict = clock.ended_at is not None or clock.state == "breached"
        if running is Running.KEEP:
            assert shape(after[name]) == shape(clock)
        elif verdict and clock.name in OTHER.clocks:
            assert shape(after[name])[:6] == shape(clock)[:6]


@given(facts=facts_of_a_case(), running=st.sampled_from(Running), hours=st.integers(0, 28 * 24), earlier=st.booleans())
@settings(max_examples=100, deadline=None)
def test_what_is_not_touched_does_not_change(facts, running, hours, earlier):
    """The database is asked for what `touched` says, and for nothing else."""
    when = max(max(fact.at for fact in facts), BEGIN + timedelta(hours=hours)) + timedelta(minutes=1)
    kept = Publication(OTHER, FIRST.calendars, when - timedelta(minutes=1), Running.KEEP)
    rules = [FIRST, *([kept] if earlier else [])]
    new = Publication(rules[-1].policy, OTHER_DAYS, when, running)
    reach = touched([*rules, new])
    before = {identity(clock): clock for clock in clocks(facts, rules, when)}
    meant = any(is_touched(reach, clock) for clock in before.values())
    after = {identity(clock): clock for clock in clocks(facts, [*rules, new], when)}
    if not meant:
        assert {name: shape(each) for name, each in after.items()} == {k: shape(v) for k, v in before.items()}


@given(facts=facts_of_a_case(), running=st.sampled_from(Running), hours=st.integers(0, 28 * 24))
@settings(max_examples=60, deadline=None)
def test_a_clock_alone_is_derived_as_it_is_among_all(facts, running, hours):
    news = Publication(POLICY, OTHER_DAYS, BEGIN + timedelta(hours=hours), running)
    now = BEGIN + timedelta(days=60)
    together = [shape(clock) for clock in clocks(facts, [FIRST, news], now) if clock.name in ("resolution", "progress")]
    assert [shape(each) for each in clocks(facts, [FIRST, news], now, {"resolution", "progress"})] == together


def is_touched(reach, clock):
    if clock.ended_at is not None:
        return False
    if reach.every or clock.started_at >= reach.since or clock.name in reach.names:
        return True
    if reach.carried and clock.carried is not None:
        return True
    return clock.limit.asks_calendar and any(
        each.due_from <= clock.due_at and clock.started_at < each.started_until for each in reach.reaches
    )


def identity(clock):
    return clock.name, clock.key, clock.generation


def shape(clock):
    measured = (clock.due_at, clock.paused_seconds, clock.total_seconds)
    versions = (clock.policy_version, clock.counted_by.version)
    return (*identity(clock), clock.state, clock.started_at, clock.stopped_at, measured, versions)


def test_the_days_of_a_year_are_announced():
    year = CN.work.known_until.year + 1
    before = WorkCalendar.from_dict(written(CN.work))
    found = announced(before, year, [date(year, 3, 1)], [date(year, 3, 6)])
    assert found.known_until == date(year, 12, 31)
    assert not found.is_workday(date(year, 3, 1))
    unlike = found.days_unlike(before)
    assert unlike
    assert all(day.year == year for day in unlike)
    with pytest.raises(Invalid, match=f"2001-01-01 is not in {year}"):
        announced(before, year, [date(2001, 1, 1)], [])


def test_a_calendar_that_is_written_out_counts_as_before_and_asks_no_country():
    plain = WorkCalendar.from_dict(written(CN.work))
    assert "country" not in plain.to_dict()
    start = at("2026-09-28 10:00")
    for days in (3, 30, 200):
        assert plain.add_days(start, days) == CN.work.add_days(start, days)


def test_the_data_of_the_policy_file_reads_back_from_json():
    assert read_policy(read_yaml(BUILTIN), "builtin") == POLICY


OTHER = policy_with(
    opinion=Limit(Counting.WORKING_DAYS, 2),
    progress=Limit(Counting.WORKING_HOURS, 20),
    resolution=Limit(Counting.HOURS_ON_WORKING_DAYS, 100),
    investigation=Limit(Counting.WORKING_DAYS, 4),
)
OTHER_DAYS = calendar_with("cn-2", day_hours={"2026-10-14": [], "2026-10-24": [["10:00", "15:00"]]})
