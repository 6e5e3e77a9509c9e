"""What the second opinion found in publications, each as an example with who was right and why (SL-6)."""

import copy
from dataclasses import replace

from services.sla.domain.calendars import Calendar, Calendars
from services.sla.domain.derive import Publication, clocks
from services.sla.domain.policy_file import read_policy
from services.sla.domain.publishing import Running
from services.sla.domain.touched import touched
from services.sla.storage.policy_files import BUILTIN
from shared.base.yaml_file import read_yaml
from shared.worktime import WorkCalendar
from tests.oracle.judge import Trial, trials
from tests.unit.sla.cases import CN, PUBLICATIONS, a_case, at, wall

MONDAY = "2026-10-12 09:00"
FIRST = PUBLICATIONS[0]


def published(when, running, *, gone=(), no_wait=(), **limits):
    """The built-in policy with other limits, without clocks, with clocks that no longer wait."""
    data = copy.deepcopy(read_yaml(BUILTIN)) | {"version": when}
    for name in gone:
        del data["clocks"][name]
    for name in no_wait:
        del data["clocks"][name]["pauses"]
    for name, limit in limits.items():
        data["clocks"][name]["limit"] = limit
    return Publication(read_policy(data, "test"), FIRST.calendars, at(when), Running(running))


def named(case, name, now, *publications):
    return [each for each in clocks(case.facts, [FIRST, *publications], at(now)) if each.name == name]


def only(case, name, now, *publications):
    (found,) = named(case, name, now, *publications)
    return found


def test_a_wait_is_not_given_back_twice_where_hours_become_days():
    """Half of the hours are used, and half of the days are left: the wait is no part of what is used."""
    case = a_case(MONDAY).then("waiting_started", "2026-10-12 15:00").then("waiting_ended", "2026-10-14 15:00")
    hours = published("2026-10-12 08:00", "recompute", resolution={"working_hours": 16})
    days = published("2026-10-14 18:00", "from_now", resolution={"working_days": 4})
    found = only(case, "resolution", "2026-10-15 09:00", hours, days)
    assert wall(found.due_at) == "2026-10-16 18:00", "8 of 16 hours are used, 2 of 4 days are left"


def test_rules_that_no_longer_wait_go_on_from_now():
    """The engine had left the clock paused for ever: no fact told it that nobody waits for the customer any more."""
    case = a_case(MONDAY).then("waiting_started", "2026-10-12 10:00")
    found = only(case, "progress", "2026-10-20 09:00", published("2026-10-13 10:00", "from_now", no_wait=["progress"]))
    assert (str(found.state), found.paused_since) == ("breached", None)


def test_rules_that_wait_do_so_from_now():
    case = a_case(MONDAY).then("waiting_started", "2026-10-12 10:00")
    first = published("2026-10-12 08:00", "recompute", no_wait=["progress"])
    found = only(case, "progress", "2026-10-20 09:00", first, published("2026-10-13 10:00", "from_now"))
    assert (str(found.state), wall(found.paused_since)) == ("paused", "2026-10-13 10:00")


def test_a_clock_that_is_new_knows_of_the_wait_under_way():
    """The engine had a new clock's second generation run although its case waited."""
    case = a_case(MONDAY).then("waiting_started", "2026-10-12 10:00").then("inspected", "2026-10-14 09:00")
    without = published("2026-10-12 08:00", "recompute", gone=["progress"])
    states = [
        str(each.state)
        for each in named(case, "progress", "2026-10-14 10:00", without, published("2026-10-13 09:00", "recompute"))
    ]
    assert states == ["met", "paused"]


def test_what_a_case_became_begins_where_it_became_so():
    """A clock new in the policy, of cases that became major: the engine had forgotten that they once were not."""
    case = a_case(MONDAY).then("severity_raised", "2026-10-12 11:00", set={"severity": "major"})
    without = published("2026-10-12 08:00", "recompute", gone=["team_formed", "team_report", "team_opinion"])
    found = only(case, "team_formed", "2026-10-12 13:00", without, published("2026-10-12 12:00", "recompute"))
    assert wall(found.started_at) == "2026-10-12 11:00"


def test_hours_carried_along_are_no_days():
    """Published twice with `from_now`: the engine had taken the seconds left by the first for days, and given up."""
    case = a_case(MONDAY)
    first = published("2026-10-12 10:00", "from_now", resolution={"working_hours": 16})
    found = only(case, "resolution", "2026-10-12 12:00", first, published("2026-10-12 11:00", "from_now"))
    assert wall(found.due_at) == "2026-10-26 18:00", "a tenth at most is used, ten days are left"


def test_a_wait_after_the_deadline_that_counts_now_saves_nothing():
    """Counted anew, a clock is as if these rules had always been there, whether or not its waits changed as well."""
    case = a_case(MONDAY).then("waiting_started", "2026-10-14 09:00")
    shorter = published("2026-10-15 09:00", "recompute", resolution={"working_days": 1})
    found = only(case, "resolution", "2026-10-15 10:00", shorter)
    assert (str(found.state), wall(found.due_at)) == ("breached", "2026-10-13 18:00")


def test_waits_by_rules_in_between_are_forgotten_when_all_is_counted_anew():
    case = a_case(MONDAY).then("waiting_started", "2026-10-12 10:00")
    no_wait = published("2026-10-13 10:00", "from_now", no_wait=["progress"])
    again = Publication(no_wait.policy, FIRST.calendars, at("2026-10-13 11:00"), Running.RECOMPUTE)
    found = only(case, "progress", "2026-10-13 12:00", no_wait, again)
    assert (found.pauses, wall(found.due_at)) == ([], "2026-10-15 09:00")


def test_what_is_kept_is_let_go_when_a_later_publication_has_it_no_longer():
    case = a_case(MONDAY)
    kept = published("2026-10-12 10:00", "keep", gone=["progress"])
    later = published("2026-10-12 11:00", "from_now", gone=["progress"])
    assert str(only(case, "progress", "2026-10-12 12:00", kept).state) == "running"
    assert str(only(case, "progress", "2026-10-12 12:00", kept, later).state) == "cancelled"


def test_a_calendar_takes_nothing_along_that_a_policy_kept():
    """Who keeps running clocks when limits change must not lose them to next year's holidays."""
    case = a_case(MONDAY)
    kept = published("2026-10-12 10:00", "keep", gone=["progress"], resolution={"working_days": 3})
    off = WorkCalendar.from_dict(CN.work.to_dict() | {"holidays": ["2026-10-14"]})
    days = replace(
        kept, calendars=Calendars(Calendar("cn", "2", off)), at=at("2026-10-12 11:00"), running=Running.RECOMPUTE
    )
    found = {each.name: each for each in clocks(case.facts, [FIRST, kept, days], at("2026-10-12 12:00"))}
    assert [wall(found[name].due_at) for name in ("resolution", "progress")] == ["2026-10-27 18:00", "2026-10-16 09:00"]
    assert found["resolution"].policy_version == FIRST.policy.label
    assert found["resolution"].counted_by.version == "2"
    policy = published("2026-10-12 11:30", "recompute", resolution={"working_days": 3})
    later = replace(policy, calendars=days.calendars)
    found = {each.name: each for each in clocks(case.facts, [FIRST, kept, days, later], at("2026-10-12 12:00"))}
    assert wall(found["resolution"].due_at) == "2026-10-16 18:00", "a later policy does"
    assert "resolution" in touched([FIRST, kept, days, later]).names


def test_a_disagreement_is_cut_down_to_the_publication_that_shows_it():
    """As if the engine had never heard of it."""
    trial: Trial = next(each for each in trials(3, 60) if len(each.changes) > 1 and len(each.facts) > 4)
    assert not trial.differs()
    assert {len(each.all_changes) for each in trial.shorter()} == {len(trial.changes), len(trial.changes) + 1}
