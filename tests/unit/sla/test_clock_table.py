"""The clock table of the requirements, row by row: what starts each clock, when it is due, what stops it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.sla.cases import POLICY, Told, a_case, wall

MINUTE = timedelta(minutes=1)
MONDAY = "2026-10-12 10:00"
COMPLAINT = a_case(MONDAY)
UNVERIFIED = a_case(MONDAY, verifiable=False)
ACCIDENT = a_case(MONDAY, kind="accident")
INQUIRY = a_case(MONDAY, kind="inquiry")
MAJOR = a_case(MONDAY, severity="major")
HANDED = COMPLAINT.then("handed_over", "2026-10-12 11:00", set={"owner": "wang"})
TEAM = MAJOR.then("team_formed", "2026-10-12 11:00")
REPORTED = TEAM.then("report_received", "2026-10-13 11:00")
VISIT = COMPLAINT.then("appointment_made", "2026-10-12 11:00", key="A2", due="2026-10-14 16:00")
PROMISED = COMPLAINT.then("promised", "2026-10-12 11:00", key="P2", due="2026-10-17 09:00")
AUTHORITY = COMPLAINT.then("authority_involved", "2026-10-12 11:00", key="12315-7", due="2026-10-18 23:59")
OPEN_AUTHORITY = COMPLAINT.then("authority_involved", "2026-10-12 11:00", key="12315-7")
RESOLVED = HANDED.then("opinion_given", "2026-10-13 10:00").then("resolved", "2026-10-13 11:00")

ROWS = [
    ("handover", COMPLAINT, "2026-10-12 18:00", {"name": "handed_over"}),
    ("first_response", INQUIRY, "2026-10-13 10:00", {"name": "replied", "due": "2026-10-20 10:00"}),
    ("opinion", HANDED, "2026-10-15 18:00", {"name": "opinion_given"}),
    ("warning_notice", HANDED, "2026-10-15 18:00", {"name": "warning_settled", "set": {"warning": True}}),
    ("warning_notice", UNVERIFIED, "2026-10-19 18:00", {"name": "warning_settled", "set": {"warning": False}}),
    ("investigation", UNVERIFIED, "2026-10-13 10:00", {"name": "investigation_started"}),
    ("opinion_unverified", UNVERIFIED, "2026-10-19 18:00", {"name": "opinion_given"}),
    ("progress", COMPLAINT, "2026-10-15 10:00", {"name": "resolved"}),
    ("progress", ACCIDENT, "2026-10-15 10:00", {"name": "resolved"}),
    ("major_report", MAJOR, "2026-10-12 11:00", {"name": "head_acknowledged"}),
    ("major_report", MAJOR, "2026-10-12 11:00", {"name": "head_reported"}),
    ("team_formed", MAJOR, "2026-10-12 15:00", {"name": "team_formed"}),
    ("team_report", TEAM, "2026-10-14 18:00", {"name": "report_received"}),
    ("team_opinion", REPORTED, "2026-10-14 11:00", {"name": "team_opinion_given"}),
    ("site_visit", VISIT, "2026-10-14 16:00", {"name": "arrived", "key": "A2"}),
    ("authority_reply", AUTHORITY, "2026-10-18 23:59", {"name": "authority_replied", "key": "12315-7"}),
    ("authority_reply", OPEN_AUTHORITY, "2026-10-19 18:00", {"name": "authority_replied"}),
    ("commitment", PROMISED, "2026-10-17 09:00", {"name": "promise_kept", "key": "P2"}),
    ("resolution", INQUIRY, "2026-10-26 18:00", {"name": "resolved"}),
    ("revisit", RESOLVED, "2026-10-16 18:00", {"name": "revisited"}),
]
ON_RESOLVE = {
    "handover",
    "first_response",
    "opinion",
    "opinion_unverified",
    "warning_notice",
    "investigation",
    "progress",
    "resolution",
}


@pytest.mark.parametrize(("name", "case", "due", "stop"), ROWS)
def test_is_due_and_met_when_stopped_exactly_then(name, case, due, stop):
    clock = case.only(name, now=MONDAY)
    assert wall(clock.due_at) == due
    stopped = case.then(stop["name"], due, **{part: value for part, value in stop.items() if part != "name"})
    assert (stopped.only(name).state, wall(stopped.only(name).stopped_at)) == ("met", due)


@pytest.mark.parametrize(("name", "case", "due", "stop"), ROWS)
def test_is_late_when_stopped_after_it(name, case, due, stop):
    more = {part: value for part, value in stop.items() if part != "name"}
    assert case.then(stop["name"], f"{due}:01", **more).only(name).state == "late"


@pytest.mark.parametrize(("name", "case", "due", "_stop"), ROWS)
def test_is_breached_from_its_due_instant_on(name, case, due, _stop):
    assert case.only(name, now=due).state == "breached"
    assert case.only(name, now=MONDAY).state == "running"


@pytest.mark.parametrize(("name", "case"), [row[:2] for row in ROWS])
@pytest.mark.parametrize("end", ["withdrawn", "closed"])
def test_withdrawing_and_closing_cancel_what_is_open(name, case, end):
    last = case.facts[-1]
    ended = Told([*case.facts, replace(last, seq=last.seq + 1, name=end, at=last.at + MINUTE, key=None, set={})])
    assert ended.only(name).state == "cancelled"


@pytest.mark.parametrize("name", sorted(POLICY.clocks))
def test_every_clock_of_the_policy_is_in_the_table(name):
    assert name in {row[0] for row in ROWS}


def test_there_are_sixteen_clocks():
    assert len(POLICY.clocks) == 16


@pytest.mark.parametrize(("name", "case", "due", "_stop"), [row for row in ROWS if row[0] != "revisit"])
def test_resolving_stops_the_clocks_of_the_handling_and_no_other(name, case, due, _stop):
    resolved = case.then("resolved", f"{due}:00").only(name)
    assert (resolved.state == "met") == (name in ON_RESOLVE)


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("complaint", {"handover", "first_response", "progress", "resolution"}),
        ("dispute", {"handover", "first_response", "progress", "resolution"}),
        ("accident", {"handover", "first_response", "progress", "resolution"}),
        ("repair", {"first_response", "resolution"}),
        ("guidance", {"first_response", "resolution"}),
        ("inquiry", {"first_response", "resolution"}),
        ("suggestion", {"first_response", "resolution"}),
    ],
)
def test_clocks_of_each_kind_when_it_is_received(kind, names):
    assert set(a_case(MONDAY, kind=kind).states(MONDAY)) == names


@pytest.mark.parametrize(("kind", "has"), [("complaint", True), ("repair", True), ("inquiry", False)])
def test_who_is_revisited(kind, has):
    resolved = a_case(MONDAY, kind=kind).then("resolved", "2026-10-13 11:00")
    assert ("revisit" in resolved.states()) == has


def test_a_dispute_has_no_warning_notice():
    assert "warning_notice" not in a_case(MONDAY, kind="dispute", verifiable=False).states()


def test_a_reply_without_a_plan_and_a_time_does_not_stop_the_first_response():
    replied = COMPLAINT.then("replied", "2026-10-12 11:00")
    assert replied.only("first_response", now="2026-10-12 12:00").state == "running"
