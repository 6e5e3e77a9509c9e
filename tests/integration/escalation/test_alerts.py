"""What regions are told of: each thing once, on its topic, and nothing of a person (ES-6, contracts 6)."""

import json
from pathlib import Path

import pytest

from services.escalation.handlers import rules_of
from services.escalation.storage.policy_files import BUILTIN, load_policy
from services.escalation.storage.tables import messaging
from shared.base.people import load_people
from tests.integration.escalation.desk import Desk
from tests.unit.escalation.cases import CASE_NO, Told, a_case, an_order

DUE = "2026-10-12 18:00"
NAME, PHONE, MAIL = "王小明", "+8613800138000", "xiaoming@customer.example"


def alerts(heard):
    return [each for each in heard if each.exchange == "alerts"]


def test_an_alert_goes_to_its_region_and_to_notify_with_the_same_data(desk: Desk):
    heard = desk.tell(a_case(severity="serious").clock("handover", "breached", DUE))
    said = [each for each in heard if each.type == "alert.raised.v1"]
    assert [(each.exchange, each.key) for each in said] == [
        ("escalation.events", "alert.raised.v1"),
        ("alerts", "alert.sla_breach.serious.south.guangdong"),
    ]
    assert said[0].data == said[1].data
    assert said[0].sequence == 1
    alert = said[0].data["alert"]
    assert (alert["case_no"], alert["clock"], alert["due_at"]) == (CASE_NO, "handover", "2026-10-12T18:00:00+08:00")
    assert alert["text"] == {
        "zh": f"south.guangdong超时：工单{CASE_NO}（严重）的“移交”应于2026年10月12日18:00前完成。",
        "en": f"Overdue in south.guangdong: hand-over of case {CASE_NO} (serious) was due by 2026-10-12 18:00.",
    }


def test_every_breach_is_told_once_whatever_its_clock(desk: Desk):
    case = a_case()
    events = [case.clock(name, "breached", DUE) for name in ("handover", "opinion", "commitment", "a_new_one")]
    assert len(alerts(desk.tell(*events))) == 4
    assert alerts(desk.tell(*events)) == []
    assert alerts(desk.tell(case.clock("handover", "breached", DUE, revision=9, warned=[0.5]))) == []
    assert len(alerts(desk.tell(case.clock("handover", "breached", DUE, generation=2, revision=10)))) == 1


def test_a_breach_after_a_revoked_one_is_alerted_and_escalates_again(desk: Desk):
    case = a_case()
    first = case.clock("handover", "breached", DUE, revision=2, breached_at="2026-10-12T18:00:00.5+08:00")
    again = {"revision": 4, "breached_at": "2026-10-13T10:00:00.5+08:00"}
    second = case.clock("handover", "breached", "2026-10-13 10:00", **again)
    assert len(alerts(desk.tell(first, first))) == 1
    desk.do("resolve", case_no=CASE_NO, by="desk")
    revoked = case.clock("handover", "running", "2026-10-13 10:00", revision=3)
    assert alerts(desk.tell(revoked)) == []
    heard = desk.tell(second, second)
    assert [each.data["alert"]["due_at"] for each in alerts(heard)] == ["2026-10-13T10:00:00+08:00"]
    (raised,) = [each for each in heard if each.type == "escalation.raised.v1"]
    assert raised.data["trigger"]["at"] == "2026-10-13T10:00:00+08:00"
    late = case.clock("handover", "late", "2026-10-13 10:00", **again | {"revision": 5})
    assert alerts(desk.tell(late, first, revoked, second)) == [], "once for each breach, in any order"
    assert desk.query("SELECT count(*) FROM reasons WHERE standing") == [(0,)]


@pytest.mark.parametrize(
    ("fact", "more", "key", "en"),
    [
        (
            "authority_involved",
            {"key": "R-1", "set": {"authority": "regulator"}},
            "alert.authority_case.minor.south.guangdong",
            f"An authority is involved in south.guangdong: case {CASE_NO} (minor).",
        ),
        (
            "warning_settled",
            {"set": {"warning": True}, "text": "Batch B7 sets too fast in the heat {0}"},
            "alert.warning_notice.minor.south.guangdong",
            f"Warning notice (case {CASE_NO}): Batch B7 sets too fast in the heat {{0}}",
        ),
        (
            "severity_raised",
            {"set": {"severity": "critical"}},
            "alert.major_case.critical.south.guangdong",
            f"Critical case {CASE_NO} in south.guangdong.",
        ),
    ],
)
def test_facts_that_concern_a_region(desk: Desk, fact, more, key, en):
    case = a_case().then(fact, "2026-10-12 11:00", **more)
    told = alerts(desk.tell(case.event()))
    assert [(each.key, each.data["alert"]["text"]["en"]) for each in told] == [(key, en)]
    later = case.then("inspected", "2026-10-12 12:00")
    assert alerts(desk.tell(later.event())) == []


def test_a_notice_that_was_not_given_is_none(desk: Desk):
    case = a_case().then("warning_settled", "2026-10-12 11:00", set={"warning": False}, text="no risk to others")
    assert alerts(desk.tell(case.event())) == []


def test_only_a_notice_is_passed_on(desk: Desk, tmp_path: Path):
    own = tmp_path / "own.yaml"
    own.write_text(BUILTIN.read_text().replace("{facts: warning_settled, for: {warning: true}}", "{facts: resolved}"))
    desk.rules = rules_of(load_policy(own), load_people())
    case = a_case().then("resolved", "2026-10-12 11:00", text="张三先生，已更换")
    (told,) = alerts(desk.tell(case.event()))
    assert told.key == "alert.warning_notice.minor.south.guangdong"
    assert "张三" not in str(told.data["alert"]), "a result may name the customer"


def registered(number: int, when: str, region: str = "south.guangdong.foshan", **more) -> Told:
    return a_case(when, f"{260000000000 + number}", region=region, product=more.pop("product", "T1"), **more)


def test_cases_alike_that_pile_up_alert_their_region_once_and_call_the_department(desk: Desk):
    first = [registered(number, f"2026-10-1{number} 10:00") for number in (2, 3)]
    assert desk.tell(*(each.event() for each in first)) == []
    heard = desk.tell(registered(5, "2026-10-14 10:00").event())
    assert [each.key for each in alerts(heard)] == ["alert.recurrence.serious.south.guangdong.foshan"]
    assert alerts(heard)[0].data["alert"]["text"] == {
        "zh": "south.guangdong.foshan7天内同类投诉3起：T1、产品质量。",
        "en": "3 cases alike in south.guangdong.foshan within 7 days: T1, product quality.",
    }
    steps = [each for each in heard if each.type == "escalation.step_reached.v1"]
    assert [each.data["step"]["level"] for each in steps] == [2]
    assert desk.tell(registered(6, "2026-10-15 10:00").event()) == [], "the pile was told of"
    assert desk.tell(registered(6, "2026-10-15 10:00").then("inspected", "2026-10-15 11:00").event()) == []


def test_a_batch_with_more_than_a_pile_alerts_once(desk: Desk):
    batch = [registered(number, "2026-10-12 10:00").event() for number in range(10, 17)]
    assert [each.key for each in alerts(desk.tell(*batch))] == ["alert.recurrence.serious.south.guangdong.foshan"]
    assert desk.query("SELECT count(*) FROM escalations") == [(1,)]


def test_neighbours_pile_up_in_the_region_above_them(desk: Desk):
    for number, town in ((20, "foshan"), (21, "zhuhai")):
        assert desk.tell(registered(number, "2026-10-12 10:00", f"south.guangdong.{town}").event()) == []
    heard = desk.tell(registered(22, "2026-10-12 11:00", "south.guangdong").event())
    assert [each.key for each in alerts(heard)] == ["alert.recurrence.serious.south.guangdong"]


@pytest.mark.parametrize(
    "other",
    [
        {"product": "T2"},
        {"category": "misuse"},
        {"region": "north"},
        {"kind": "inquiry"},
        {"repeat_of": "260000000001"},
        {"mode": "history"},
    ],
    ids=str,
)
def test_what_is_not_alike_does_not_count(desk: Desk, other):
    desk.tell(*(registered(number, "2026-10-12 10:00").event() for number in (31, 32)))
    assert alerts(desk.tell(registered(33, "2026-10-12 11:00", **other).event())) == []


def test_an_old_case_does_not_count(desk: Desk):
    for number, day in ((41, "01"), (42, "07"), (43, "12")):
        assert alerts(desk.tell(registered(number, f"2026-10-{day} 10:00").event())) == []


def test_nothing_of_a_person_is_on_the_wire(desk: Desk):
    """What intake gives a listener of the customer, and what people write into reasons, stays where it is."""
    case = a_case(severity="major").then("objected", "2026-10-12 10:30", text=f"{NAME} {PHONE}")
    event = case.event(customer={"name": NAME, "phone": PHONE, "email": MAIL}, subject=f"call {NAME} at {PHONE}")
    desk.tell(event, case.clock("progress", "breached", DUE), an_order("scheduled", DUE))
    rows = desk.query(f"SELECT exchange, body FROM {messaging.outbox.name}")
    assert len(rows) > 8
    for exchange, body in rows:
        text = json.dumps(json.loads(body), ensure_ascii=False)
        assert not any(each in text for each in (NAME, PHONE, PHONE[3:], MAIL)), exchange
    staff = [person.name for person in desk.rules.staff.everybody]
    assert not any(name in body for exchange, body in rows if exchange == "alerts" for name in staff)
    assert not any(
        person.id in body for _, body in rows if "alert.raised" in body for person in desk.rules.staff.everybody
    )
