"""Stories with fast-forward: something is told, people are asked, time goes on, the next are asked (ES-1 to ES-4)."""

import pytest

from services.escalation.handlers import rules_of
from services.escalation.storage.policy_files import load_policy
from shared.base.people import People, Person
from tests.integration.escalation.desk import Desk, shorts
from tests.unit.escalation.cases import CASE_NO, a_case, an_order, at

CASE = a_case()
DUE = "2026-10-12 18:00"
BREACH = CASE.clock("handover", "breached", DUE)
BREACH_ALERT = ("alert", "alert.sla_breach.minor.south.guangdong")
RAISED = ("raised", "complaint", "clock_breached")


def test_a_complaint_that_nobody_answers_goes_up_to_the_head(desk: Desk):
    assert shorts(desk.tell(CASE.event())) == []
    assert shorts(desk.tell(BREACH)) == [RAISED, ("step_reached", 1, "south-desk"), BREACH_ALERT]
    # 18:00 is closing time: four working hours later it is 14:00 of the next working day
    assert shorts(desk.wait("2026-10-13 13:59")) == []
    assert shorts(desk.wait("2026-10-13 14:00")) == [("step_reached", 2, "desk", "aftersales-lead")]
    assert shorts(desk.wait("2026-10-13 18:00")) == [("step_reached", 3, "sales-vp")]
    assert shorts(desk.wait("2026-10-14 18:00")) == [("step_reached", 4, "general-manager")]
    again = [("step_reached", 4, "general-manager")] * 3
    assert shorts(desk.wait("2026-12-31 18:00")) == again, "said again three times, then no more"
    assert desk.next_due() is None


def test_each_step_asks_the_same_person_with_the_same_code(desk: Desk):
    first, second = (each.data["step"]["targets"] for each in desk.tell(a_case(severity="major").event())[1:2] * 2)
    assert first == second
    again = [each.data["step"] for each in desk.wait("2026-10-12 10:20")]
    assert [each["targets"] for each in again] == [first, first]
    codes = {target["code"] for target in first}
    assert len(codes) == 2
    assert all(len(code) == 6 and code.isdigit() for code in codes)


def test_a_major_accident_at_night_reaches_the_head_at_once(desk: Desk):
    night = a_case("2026-10-17 23:30", kind="accident", severity="major")
    heard = desk.tell(night.event())
    assert shorts(heard) == [
        ("raised", "major", "major_case"),
        ("step_reached", 3, "sales-vp", "general-manager"),
        ("alert", "alert.major_case.major.south.guangdong"),
    ]
    assert heard[1].data["step"]["urgent"]
    assert [target["role"] for target in heard[1].data["step"]["targets"]] == ["vice_president", "head"]
    both = ("step_reached", 3, "sales-vp", "general-manager")
    assert shorts(desk.wait("2026-10-17 23:59")) == [both, both], "every ten minutes, also at night"
    assert shorts(desk.wait("2026-10-18 00:00")) == [("step_reached", 4, "general-manager")]


def test_critical_begins_with_the_head_and_a_raise_reaches_the_head_anew(desk: Desk):
    critical = a_case(severity="critical")
    assert shorts(desk.tell(critical.event()))[1] == ("step_reached", 4, "general-manager")
    other = a_case(case_no="260000000025", severity="major")
    desk.tell(other.event())
    raised = other.then("severity_raised", "2026-10-12 11:00", set={"severity": "critical"})
    assert shorts(desk.tell(raised.event())) == [
        ("raised", "major", "major_case"),
        ("step_reached", 4, "general-manager"),
        ("alert", "alert.major_case.critical.south.guangdong"),
    ]


def test_no_progress_goes_to_the_head_at_once(desk: Desk):
    desk.tell(CASE.event(), BREACH)
    heard = desk.tell(CASE.clock("progress", "breached", "2026-10-15 10:00"))
    assert shorts(heard)[-3:-1] == [("raised", "complaint", "no_progress"), ("step_reached", 4, "general-manager")]


def test_later_reasons_join_and_only_those_that_raise_it_are_said(desk: Desk):
    assert shorts(desk.tell(CASE.event(), BREACH))[1] == ("step_reached", 1, "south-desk")
    assert shorts(desk.tell(CASE.clock("opinion", "breached", DUE))) == [BREACH_ALERT]
    objects = CASE.then("objected", "2026-10-12 18:30")
    heard = desk.tell(objects.event())
    assert shorts(heard) == [("raised", "complaint", "objected"), ("step_reached", 2, "desk", "aftersales-lead")]
    assert [each.data["escalation"]["level"] for each in heard] == [2, 2]
    assert [each.sequence for each in heard] == [3, 4], "a reason that only joined was not said, so not counted"
    desk.wait("2026-10-13 14:30")
    serious = objects.then("severity_raised", "2026-10-13 14:35", set={"severity": "serious"})
    assert shorts(desk.tell(serious.event())) == [], "it has come as far by itself"
    told = [entry["what"] for entry in desk.story(case_no=CASE_NO)["entries"]]
    assert (told.count("raised"), told.count("joined")) == (2, 2)
    assert desk.query("SELECT count(*) FROM escalations") == [(1,)]


def test_a_repeat_lifts_once_however_often_it_is_linked_anew(desk: Desk):
    desk.tell(CASE.event(), BREACH)
    linked = CASE.then("repeat_linked", "2026-10-12 18:10", set={"repeat_of": "260000000025"})
    assert shorts(desk.tell(linked.event()))[1] == ("step_reached", 2, "desk", "aftersales-lead")
    for minute, first in enumerate(("260000000025", "260000000033"), start=20):
        unlinked = linked.then("repeat_unlinked", f"2026-10-12 18:{minute}", set={"repeat_of": None})
        linked = unlinked.then("repeat_linked", f"2026-10-12 18:{minute + 10}", set={"repeat_of": first})
        assert shorts(desk.tell(unlinked.event(), linked.event())) == []
    objects = linked.then("objected", "2026-10-12 18:40")
    assert shorts(desk.tell(objects.event()))[1][:2] == ("step_reached", 3), "another rule lifts it"
    objects = objects.then("objected", "2026-10-12 18:50")
    assert shorts(desk.tell(objects.event()))[1][:2] == ("step_reached", 4), "and another objection"


@pytest.mark.parametrize(
    ("fact", "values", "level", "what"),
    [
        ("repeat_linked", {"repeat_of": "260000000025"}, 2, "repeat_linked"),
        ("objected", {}, 2, "objected"),
        ("authority_involved", {"authority": "regulator"}, 2, "authority_involved"),
        ("severity_raised", {"severity": "serious"}, 2, "severity_raised"),
    ],
)
def test_each_fact_that_escalates(desk: Desk, fact, values, level, what):
    raised, reached, *_ = desk.tell(CASE.then(fact, "2026-10-12 11:00", set=values).event())
    assert raised.data["trigger"]["what"] == raised.data["trigger"]["rule"] == what
    assert raised.data["escalation"]["level"] == level
    assert (reached.short[0], reached.data["step"]["level"]) == ("step_reached", level)


def test_an_authoritys_deadline_that_comes_near_escalates_before_it_is_overrun(desk: Desk):
    desk.tell(CASE.event())
    assert desk.tell(CASE.clock("authority_reply", "running", DUE, key="R-1", warned=[0.5])) == []
    near = CASE.clock("authority_reply", "running", DUE, key="R-1", warned=[0.5, 0.8], revision=3)
    assert shorts(desk.tell(near))[0] == ("raised", "complaint", "authority_warned")
    met = CASE.clock("authority_reply", "met", DUE, key="R-1", warned=[0.5, 0.8], revision=4)
    assert shorts(desk.tell(met)) == [("resolved", "system:escalation")]


@pytest.mark.parametrize("state", ["late", "met", "cancelled", "running"])
def test_it_is_over_when_the_clock_stops_or_its_breach_is_revoked(desk: Desk, state):
    desk.tell(CASE.event(), BREACH)
    assert shorts(desk.tell(CASE.clock("handover", state, DUE, revision=3))) == [("resolved", "system:escalation")]
    assert desk.next_due() is None
    story = [entry["what"] for entry in desk.story(case_no=CASE_NO)["entries"]]
    assert story[-2:] == ["reason_gone", "resolved"]


@pytest.mark.parametrize("fact", ["resolved", "closed", "withdrawn"])
def test_it_is_over_when_the_case_is(desk: Desk, fact):
    desk.tell(CASE.event(), BREACH)
    ended = CASE.then(fact, "2026-10-12 19:00")
    assert shorts(desk.tell(ended.event())) == [("resolved", "system:escalation")]
    reopened = ended.then("reopened", "2026-10-13 10:00")
    assert shorts(desk.tell(reopened.event()))[0] == ("raised", "complaint", "objected")


def test_a_call_back_that_reopens_one_severity_up_escalates_as_that_severity(desk: Desk):
    called = "2026-10-14 10:00"
    resolved = a_case(severity="serious").then("resolved", "2026-10-13 10:00")
    desk.tell(resolved.event())
    back = resolved.then("revisited", called).then("reopened", called)
    back = back.then("severity_raised", called, set={"severity": "major"})
    said = shorts(desk.tell(back.event()))
    assert ("raised", "complaint", "objected") in said
    assert ("raised", "major", "major_case") in said


def test_a_call_back_that_is_overrun_escalates_a_resolved_case(desk: Desk):
    resolved = CASE.then("resolved", "2026-10-12 11:00")
    desk.tell(resolved.event())
    late = resolved.clock("revisit", "breached", "2026-10-15 18:00", started_at=at("2026-10-12 11:00").isoformat())
    assert shorts(desk.tell(late))[0] == ("raised", "complaint", "owed_after_the_end")
    closed = resolved.then("closed", "2026-10-16 11:00")
    assert shorts(desk.tell(closed.event())) == [("resolved", "system:escalation")]


def test_a_breach_that_was_over_before_it_was_heard_of_asks_nobody(desk: Desk):
    desk.tell(CASE.event(), CASE.clock("handover", "late", DUE, revision=3))
    assert [each for each in desk.heard() if each.type.startswith("escalation")] == []
    assert desk.tell(BREACH) == []
    assert desk.query("SELECT count(*) FROM alerts") == [(1,)], "the region heard of the breach all the same"


def test_an_acknowledged_one_waits_for_progress_and_comes_back_without(desk: Desk):
    desk.tell(CASE.event(), BREACH)
    desk.do("acknowledge", case_no=CASE_NO, by="south-desk")
    assert shorts(desk.wait("2026-10-13 12:00")) == [("acknowledged", "south-desk")]
    moved = CASE.then("progress_recorded", "2026-10-13 12:00")
    assert desk.tell(moved.event()) == []
    assert shorts(desk.wait("2026-10-14 11:59")) == [], "eight working hours from the last progress"
    assert shorts(desk.wait("2026-10-14 12:00")) == [("step_reached", 2, "desk", "aftersales-lead")]
    assert [entry["what"] for entry in desk.story(case_no=CASE_NO)["entries"]][-2:] == ["stalled", "step_reached"]


def test_overdue_maintenance_goes_up_until_it_is_done(desk: Desk):
    assert shorts(desk.tell(an_order("scheduled", DUE))) == [
        ("raised", "maintenance", "maintenance_overdue"),
        ("step_reached", 1, "technician-south", "south-desk"),
        ("alert", "alert.maintenance_overdue.serious.south.guangdong"),
    ]
    assert desk.tell(an_order("scheduled", DUE)) == [], "the same version again"
    assert shorts(desk.wait("2026-10-13 18:00")) == [("step_reached", 2, "desk", "aftersales-lead", "south-desk")]
    assert shorts(desk.tell(an_order("done", DUE, version=5))) == [("resolved", "system:escalation")]
    assert desk.tell(an_order("scheduled", DUE, version=4)) == [], "overtaken"
    assert desk.story(order_no="M-1-4")["entries"][0]["text"]["zh"] == "保养逾期升级：保养逾期。"


def test_an_order_that_is_postponed_has_time_again(desk: Desk):
    desk.tell(an_order("scheduled", DUE))
    later = {"due_on": "2026-11-12", "due_at": at("2026-11-12 18:00").isoformat(), "version": 4}
    assert shorts(desk.tell(an_order("scheduled", DUE, **later))) == [("resolved", "system:escalation")]


def test_history_is_ignored(desk: Desk):
    old = a_case(mode="history", severity="critical")
    assert desk.tell(old.event(), old.clock("handover", "breached", DUE)) == []
    assert desk.query("SELECT count(*) FROM subjects") == [(0,)]


def test_an_owner_whom_nobody_knows_is_told_through_the_regions_desk(desk: Desk):
    desk.rules = rules_of(load_policy(), People(PEOPLE))
    known, unknown = a_case(owner="ann"), a_case(case_no="260000000025", owner="somebody")
    assert shorts(desk.tell(known.clock("handover", "breached", DUE)))[1] == ("step_reached", 1, "ann", "sue")
    heard = desk.tell(unknown.clock("handover", "breached", DUE))
    assert heard[1].data["step"]["targets"][0] | {"code": ""} == {"person": "sue", "role": "regional_desk", "code": ""}


PEOPLE = [
    Person(id="ann", name="Ann Lee", roles=("owner",), email="ann@firm.example"),
    Person(id="sue", name="Sue Wu", roles=("regional_desk",), regions=("south",), email="sue@firm.example"),
    Person(id="ops", name="Ops", roles=("ops",), email="ops@firm.example"),
]


def test_empty_steps_are_skipped_at_once_and_the_last_resort_is_asked(desk: Desk):
    desk.rules = rules_of(load_policy(), People(PEOPLE[2:]))
    heard = desk.tell(CASE.clock("handover", "breached", DUE))
    assert shorts(heard)[1] == ("step_reached", 4, "ops"), "no desk, no vice president, no head: ops, who is there"
    entries = desk.story(case_no=CASE_NO)["entries"]
    assert [entry["what"] for entry in entries] == ["raised", *["step_skipped"] * 3, "step_reached", "alert"]
    assert entries[1]["rule"] == "complaint.steps[0]"
    assert entries[1]["text"]["en"].startswith("complaint, level 1: nobody is there")
