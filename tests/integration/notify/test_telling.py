"""The table NO-9, told as stories: what others say, who hears of it, how."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from services.notify import handlers
from services.notify.storage import subscriptions
from shared.kernel.errors import Rejected
from tests.integration.notify.office import RULES, Office
from tests.support.waiting import wait_for
from tests.unit.notify.events import CASE_NO, NOW, Case, alert, breached, clock, order, step, team_formed, warned

STARTED = {"state": "running"}


def told(sent: list[Any]) -> list[tuple[str, str]]:
    return sorted((each.channel, each.to) for each in sent)


def test_a_customer_hears_the_number_and_the_promise(office: Office) -> None:
    case = Case()
    office.tell(case.event())
    assert office.send_due() == [], "the receipt waits for the promise"
    office.tell(clock(case, "started"))
    (receipt,) = office.send_due()
    assert (receipt.channel, receipt.to) == ("sms", "+8613800138000")
    assert CASE_NO in receipt.text
    assert "10月13日（周二）10:00" in receipt.text


def test_a_promise_that_is_known_already_is_not_waited_for(office: Office) -> None:
    case = Case()
    office.tell(clock(case, "started"))
    office.tell(case.event())
    (receipt,) = office.send_due()
    assert "10:00" in receipt.text


def test_a_promise_that_is_told_at_the_same_instant_is_not_lost(office: Office) -> None:
    case = Case()
    promise = threading.Thread(target=office.tell, args=(clock(case, "started"),))
    with office.database.write() as uow:
        handlers.case_changed(RULES, uow, case.event())
        promise.start()
        if not office.database.is_sqlite:  # there one waits before it begins
            wait_for(lambda: not promise.is_alive() or office.locks_waited_for(), "the promise is heard, or waits")
    promise.join(30)
    (receipt,) = office.send_due()
    assert "10月13日" in receipt.text


def test_an_alert_is_held_against_those_subscriptions_alone_that_may_take_it(office: Office) -> None:
    near = ("alert.*.*.south.guangdong.#", "alert.#", "alert.*.*.south.fujian.#", "alert.*.*.*.guangdong.#")
    for number, pattern in enumerate(near):
        office.subscribe(pattern, "email", f"{number}@south.example")
    for number in range(30):
        office.subscribe(f"alert.*.*.south.guangdong.town{number}.#", "email", "town@south.example")
    read: list[str] = []
    with office.database.read() as connection:
        sa.event.listen(connection, "before_cursor_execute", lambda *told: read.append((told[2], told[3])))
        taken = subscriptions.that_may_take(connection, "alert.recurrence.serious.south.guangdong")
        statement, parameters = read[-1]
        if office.database.is_sqlite:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            assert any("INDEX subscriptions_head" in row[-1] for row in plan), plan
    assert {each.pattern for each in taken} == {near[0], near[1], near[3]}
    office.tell(alert("recurrence", region="south.guangdong"))
    heard = {row["address"] for row in office.rows(audience="team")}
    assert heard == {"0@south.example", "1@south.example", "3@south.example"}


def test_a_breach_after_a_revoked_one_is_told_too(office: Office) -> None:
    case = Case(owner="south-desk")
    first = breached(case, warned=[], breached_at="2026-10-12T18:00:00+08:00")
    revoked = clock(case, "breach_revoked", revision=5, state="running", warned=[])
    second = breached(case, revision=6, warned=[], breached_at="2026-10-13T10:00:00+08:00")
    late = clock(case, "stopped", revision=7, state="late", warned=[], breached_at="2026-10-13T02:00:00Z")
    office.tell(first, first, revoked, second, late)
    assert len(office.rows(rule="breached", recipient="south-desk", channel="email")) == 2


def test_a_clock_may_have_a_very_long_key(office: Office) -> None:
    case = Case(owner="south-desk")
    references = ["函" * 200, "函" * 199 + "二"]
    office.tell(*(breached(case, clock="authority_reply", key=each, warned=[]) for each in references))
    rows = office.rows(rule="breached", recipient="south-desk", channel="email")
    assert len(rows) == 2, "each reference is a clock of its own"


def test_without_sla_the_receipt_goes_without_a_promise(office: Office) -> None:
    office.tell(Case().event())
    (receipt,) = office.forward(minutes=2)
    assert "尽快" in receipt.text


def test_who_has_no_number_gets_mail_and_who_is_anonymous_nothing(office: Office) -> None:
    office.tell(Case(customer={"email": "buyer@example.com", "anonymous": False}).event())
    anonymous = Case("260000000025", customer={"phone": "+8613800138000", "anonymous": True})
    office.tell(anonymous.event())
    assert told(office.forward(minutes=2)) == [("email", "buyer@example.com")]
    answer = office.messages(case_no=anonymous.case_no)
    assert answer["messages"] == []
    assert [(each["rule"], each["reason"]) for each in answer["skipped"]] == [("registered", "wants to stay anonymous")]
    asked = {"key": "registered", "case_no": anonymous.case_no}
    assert office.ask(handlers.who_would_get, asked, RULES)["skipped"][0]["reason"] == "wants to stay anonymous"


def test_owner_and_manager_hear_of_deadlines(office: Office) -> None:
    case = Case(owner="south-desk")
    office.tell(warned(case, 0.5))
    assert told(office.send_due()) == [("email", "south-desk@aftercare.example")]
    office.forward(hours=1)
    office.tell(warned(case, 0.5, 0.8, revision=3, at=office.clock.now()))
    assert told(office.forward(minutes=1)) == [
        ("email", "aftersales-lead@aftercare.example"),
        ("email", "south-desk@aftercare.example"),
        ("sms", "+12025550111"),
        ("sms", "+12025550121"),
    ]


def test_a_breach_goes_to_owner_and_complaints_desk(office: Office) -> None:
    office.tell(breached(Case(owner="south-desk"), warned=[]))
    assert {to for _, to in told(office.send_due())} == {
        *("south-desk@aftercare.example", "desk@aftercare.example", "aftersales-lead@aftercare.example"),
        *("+12025550121", "+12025550110", "+12025550111"),
    }


def test_people_are_called_by_their_names(office: Office) -> None:
    strange = Case("260000000025", owner="a stranger")
    office.tell(breached(Case(owner="li.qiang"), warned=[]), breached(strange, warned=[]))
    office.tell(team_formed(Case(), leader="sales-vp", members=["desk", "a stranger"]))
    office.tell(order("due_soon"))
    text = "\n".join(each.text for each in office.forward(minutes=5))
    assert "负责人：李强。" in text
    assert "负责人：a stranger。" in text
    assert "组长：营销副总。成员：投诉处理专员、a stranger。" in text
    assert "technician-south" not in text


def test_an_agreed_visit_is_told_to_the_customer_and_the_owner_by_sms_and_mail(office: Office) -> None:
    case = Case(owner="li.qiang")
    office.tell(case.event())
    office.forward(minutes=2)
    office.tell(case.add("appointment_made", due_at="2026-10-13T11:00:00+08:00").event())
    sent = office.send_due()
    assert told(sent) == [
        ("email", "buyer@example.com"),
        ("email", "li.qiang@aftercare.example"),
        ("sms", "+12025550112"),
        ("sms", "+8613800138000"),
    ]
    assert all(case.case_no in each.text and "11:00" in each.text for each in sent)


def test_an_owner_nobody_knows_is_told_through_the_regions_desk(office: Office) -> None:
    office.tell(Case(owner="somebody new", customer={}).add("handed_over").event())
    assert told(office.send_due()) == [("email", "south-desk@aftercare.example")]


def test_whoever_is_complained_about_hears_of_no_deadline(office: Office) -> None:
    case = Case(owner="li.qiang", complained_about=["li.qiang"])
    office.tell(case.event(), warned(case, 0.5))
    heard = {each.to for each in office.send_due()}
    assert "south-desk@aftercare.example" in heard, "the region's desk stands in for the owner"
    assert heard.isdisjoint({"+12025550112", "li.qiang@aftercare.example"})


def test_a_step_carries_the_code_of_each_target(office: Office) -> None:
    office.tell(step(Case(), "desk", "south-desk"))
    codes = {each.to: each.text for each in office.send_due() if each.channel == "sms"}
    assert "204810" in codes["+12025550110"]
    assert "204811" in codes["+12025550121"]


def test_a_major_case_is_told_at_once_also_at_night(office: Office) -> None:
    office.clock.move_to(NOW + timedelta(hours=16))  # 02:00 in Shanghai
    office.tell(Case(severity="major", customer={}).event())
    sent = office.send_due()
    assert all(each.urgent for each in sent)
    assert told(sent) == [
        ("email", "general-manager@aftercare.example"),
        ("email", "sales-vp@aftercare.example"),
        ("sms", "+12025550141"),
        ("sms", "+12025550151"),
    ]


def test_at_night_staff_are_left_in_peace_by_what_is_not_urgent(office: Office) -> None:
    office.clock.move_to(NOW + timedelta(hours=16))
    office.tell(warned(Case(owner="south-desk"), 0.5, at=office.clock.now()))
    assert office.send_due() == []
    assert office.earliest() == NOW.replace(hour=23, minute=0), "07:00 in Shanghai"
    assert len(office.forward(hours=6)) == 1


def test_alerts_go_to_who_subscribed_and_else_to_ops(office: Office) -> None:
    office.tell(alert())
    assert told(office.send_due()) == [("email", "ops@aftercare.example")]
    ways = [("webhook", "https://team.example/hook"), ("email", "team@example.com")]
    for channel, address in ways:
        office.subscribe("alert.*.*.south.#", channel, address)
    office.tell(alert(alert_id="a-2"), alert(alert_id="a-3", region="north"))
    sent = office.forward(minutes=5)
    assert told(sent) == sorted([*ways, ("email", "ops@aftercare.example")])
    (hook,) = [each for each in sent if each.channel == "webhook"]
    assert '"type":"alert.raised.v1"' in hook.text
    assert "13800138000" not in hook.text


def test_a_team_is_spared_what_is_less_severe_than_it_asked_for(office: Office) -> None:
    office.subscribe("alert.#", "email", "team@example.com", min_severity="major")
    office.tell(alert(severity="serious"), alert(severity="critical", alert_id="a-2"))
    sent = office.send_due()
    assert [each.urgent for each in sent if each.to == "team@example.com"] == [True]


def test_a_queue_of_its_own_is_fed_by_the_broker_alone(office: Office) -> None:
    office.subscribe("alert.#", "amqp", "alerts.south")
    office.tell(alert())
    assert office.forward(minutes=5) == [], "neither the team nor ops is sent anything"
    would = office.ask(handlers.who_would_get, {"key": "alert.recurrence.major.south"}, RULES)
    assert [(each["channel"], each["to"]) for each in would["recipients"]] == [("amqp", "alerts.south")]


def test_reply_and_result_are_passed_on_and_the_survey_follows(office: Office) -> None:
    case = Case().add("replied", text="我们明天上门。\n请保留包装。", due_at="2026-10-13T18:00:00+08:00")
    office.tell(case.event())
    sent = office.send_due()
    assert [each.text for each in sent if "我们明天上门。\n请保留包装。" in each.text]
    office.tell(case.add("resolved", text="已更换。").event())
    assert ["已更换" in each.text for each in office.forward(minutes=5) if "处理完毕" in each.text] == [True]
    (survey,) = office.forward(days=1)
    assert "打分" in survey.text
    assert office.forward(days=9) == []


def test_a_revisit_makes_the_survey_sooner_and_a_reopening_drops_it(office: Office) -> None:
    case = Case().add("resolved")
    office.tell(case.event())
    office.forward(minutes=5)
    case.add("revisited", at=office.clock.now())
    office.tell(case.event())
    assert ["打分" in each.text for each in office.send_due()] == [True]
    other = Case("260000000025").add("resolved", at=office.clock.now())
    office.tell(other.event())
    office.forward(minutes=5)
    office.tell(other.add("reopened", at=office.clock.now()).event())
    assert [row["state"] for row in office.rows(case_no=other.case_no, rule="survey")] == ["expired"]
    assert not any("打分" in each.text for each in office.forward(days=3))


def test_a_call_back_that_reopens_asks_nobody_how_content_they_are(office: Office) -> None:
    case = Case().add("resolved")
    office.tell(case.event())
    office.forward(minutes=5)
    now = office.clock.now()
    case.add("revisited", at=now).add("reopened", at=now)
    office.tell(case.event())
    assert not any("打分" in each.text for each in office.send_due())
    assert not any("打分" in each.text for each in office.forward(days=3))


def test_maintenance_reminds_administrator_and_technician(office: Office) -> None:
    office.tell(order("due_soon"))
    people = [("email", "keeper@example.com"), ("email", "technician-south@aftercare.example")]
    assert told(office.send_due()) == [*people, ("sms", "+12025550131"), ("sms", "+8613800138001")]
    office.tell(order("scheduled", sequence=3, visit_at="2026-10-19T09:00:00+08:00"))
    office.tell(order("scheduled", sequence=2, visit_at="2026-10-18T09:00:00+08:00"))
    texts = [each.text for each in office.forward(minutes=10)]
    assert texts
    assert not [text for text in texts if "18日" in text], "an appointment that was overtaken"


def test_history_is_nobodys_business(office: Office) -> None:
    case = Case(mode="history", severity="major").add("resolved")
    office.tell(case.event(), breached(case), step(case, "desk"))
    assert office.rows() == []
    assert office.forward(days=3) == []


def test_what_is_no_case_is_parked(office: Office) -> None:
    broken = Case().event()
    broken.data["case"].pop("facts")
    with pytest.raises(Rejected, match="KeyError"):
        office.tell(broken)
