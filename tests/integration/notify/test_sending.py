"""What becomes of a message on its way: tried again, given up, not known, proven by receipts (NO-2, NO-3, NO-6)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from services.notify import handlers
from services.notify.domain.provider import Accepted, Failed, Refused, Result, Unclear
from services.notify.domain.vocabulary import EMAIL, SMS
from services.notify.handlers import load_rules
from services.notify.storage.tables import messaging
from shared.base.database import Database
from shared.base.people import load_people
from shared.base.traces import going_on, new_trace
from shared.outbox import Inbox
from shared.testing.clock import ManualClock
from tests.integration.notify.office import RULES, Office, Provider
from tests.integration.notify.steps import events, real_time_goes_on, send
from tests.unit.notify.events import NOW, Case


def test_sent_and_said(office: Office) -> None:
    send(office)
    office.send_due()
    assert events(office) == ["accepted", "sent"]
    (row,) = office.rows()
    assert (row["state"], row["attempts"]) == ("sent", 1)


def test_what_becomes_of_a_message_is_said_in_its_trace(office: Office) -> None:
    traces = [new_trace(), new_trace()]
    for number, trace in enumerate(traces):
        with going_on(trace):
            send(office, f"k{number}")
    office.provider.answers.extend([Accepted(None, is_final=True), Refused("550 no such number")])
    office.send_due()
    said = {}
    for kind, _, trace in office.heard_in_traces():
        said.setdefault(trace, []).append(kind.split(".")[1])
    assert said[traces[0]] == ["accepted", "delivered"]
    assert said[traces[1]] == ["accepted", "failed", "accepted", "sent"], "ops hear of it in the same trace"
    assert len(said) == 2


def test_a_batch_keeps_the_traces_of_its_events_apart(office: Office) -> None:
    first, second = (replace(Case(f"26000000000{n}").event(), traceparent=new_trace()) for n in (1, 2))
    Inbox(office.database, messaging).apply(
        "notify.cases", [first, second], lambda uow, event: handlers.case_changed(RULES, uow, event)
    )
    told = {message["case_no"]: trace for _, message, trace in office.heard_in_traces()}
    assert told == {event.subject: event.traceparent for event in (first, second)}


def test_a_final_answer_is_delivered_at_once(office: Office) -> None:
    office.provider.answers.append(Accepted(None, is_final=True))
    send(office)
    office.send_due()
    assert events(office) == ["accepted", "delivered"]


def test_what_was_surely_not_taken_is_tried_again_on_real_time(office: Office) -> None:
    office.provider.answers.append(Failed("421 try later"))
    send(office)
    assert len(office.send_due()) == 1
    assert office.states() == ["accepted"]
    assert office.earliest() > NOW + timedelta(hours=1), "a retry holds no time up"
    real_time_goes_on(office, seconds=2)
    assert len(office.send_due()) == 1
    assert events(office) == ["accepted", "sent"]
    assert len({each.reference for each in office.provider.sent}) == 2, "each try has a reference of its own"


def test_after_the_last_try_it_has_failed_and_ops_hear_of_it(office: Office) -> None:
    waits = len(RULES.policy.waits)
    office.provider.answers.extend([Failed("421 try later")] * (waits + 1))
    send(office)
    for _ in range(waits + 1):
        office.sender = office.another_sender()  # a lane that had troubles rests for a while
        jobs = office.claim()
        office.record(jobs)
        real_time_goes_on(office, hours=2)
    assert office.rows(rule="direct")[0]["state"] == "failed"
    (told,) = office.rows(rule="message_failed")
    assert told["address"] == "ops@aftercare.example"
    assert "+8613800138000" not in told["subject"] + told["text"]


def test_a_refusal_is_final_and_goes_on_to_the_next_channel(office: Office) -> None:
    office.tell(Case().add("replied", text="we come tomorrow").event())
    office.provider.answers.append(Refused("550 no such number"))
    sent = [each for each in office.send_due() if "tomorrow" in each.text]
    assert [(each.channel, each.to) for each in sent] == [(SMS, "+8613800138000"), (EMAIL, "buyer@example.com")]
    states = {row["channel"]: row["state"] for row in office.rows(rule="replied")}
    assert states == {SMS: "failed", EMAIL: "sent"}
    office.tell(Case().add("replied", text="we come tomorrow").event())
    assert office.send_due() == [], "the same fact again"


def test_flows_are_locked_together_and_so_in_one_order(office: Office) -> None:
    locks = []
    sa.event.listen(
        office.database.engine,
        "before_cursor_execute",
        lambda *told: locks.append(told[2]) if "FROM flows" in told[2] else None,
    )
    case = Case().add("replied", text="we come tomorrow")
    office.tell(case.event())
    assert len(locks) == 1
    office.provider.answers.append(Refused("550 no such number"))
    (job,) = (each for each in office.claim() if each.outgoing and "tomorrow" in each.outgoing.text)
    locks.clear()
    office.record([job])
    assert [row["rule"] for row in office.rows(channel=EMAIL)][-2:] == ["replied", "message_failed"]
    assert len(locks) == 1, "that of the next way and that of ops"
    locks.clear()
    office.tell(case.add("resolved", text="done").event(), case.add("revisited", satisfied=True).event())
    assert len(locks) == 1, "also when a batch looks again at what it asked for itself"
    assert [row["due_at"] for row in office.rows(rule="survey")] == [office.clock.now()]


def test_what_is_over_on_one_channel_is_not_begun_on_the_next(office: Office) -> None:
    office.tell(Case().event())
    office.provider.answers.append(Refused("no such number"))
    office.clock.move_to(NOW + timedelta(minutes=2))
    jobs = office.claim()
    assert [job.lane for job in jobs] == [SMS]
    office.clock.move_to(NOW + timedelta(days=3))
    office.record(jobs)
    assert [row["state"] for row in office.rows(rule="registered")] == ["failed"]


def test_what_nobody_knows_is_unknown_and_never_sent_again(office: Office) -> None:
    office.provider.answers.append(Unclear("timed out after DATA"))
    send(office)
    office.send_due()
    assert office.rows(rule="direct")[0]["state"] == "unknown"
    real_time_goes_on(office, hours=2)
    assert [each for each in office.forward(days=2) if each.channel == SMS] == []
    assert events(office)[:2] == ["accepted", "unknown"]


def test_a_category_may_rather_tell_twice(office: Office) -> None:
    office.provider.answers.append(Unclear("timed out after DATA"))
    send(office, category="escalation")
    office.send_due()
    assert office.states() == ["accepted"]
    real_time_goes_on(office, minutes=1)
    office.send_due()
    assert office.states() == ["sent"]


def test_a_provider_that_can_be_asked_clears_it_up(office: Office) -> None:
    class Knowing(Provider):
        def ask(self, reference: str) -> Result | None:
            return Accepted(f"p-{reference}")

    office.provider = Knowing()
    office.sender = office.another_sender()
    office.provider.answers.append(Unclear("timed out"))
    send(office)
    office.send_due()
    assert office.states() == ["sent"]


def test_what_cannot_be_put_together_has_failed_and_keeps_no_other_back(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    (tmp_path / "zh-CN").mkdir()
    (tmp_path / "zh-CN" / "layout.html.jinja").write_text("{{ 1 // 0 if 'boom' in subject else subject }}")
    office = Office(database, clock, load_rules(load_people(), None, tmp_path))
    for key in ("before", "boom", "after"):
        send(office, key, channel="email", to=f"{key}@example.com", subject=key, urgent=True)
    assert [each.subject for each in office.send_due() if each.urgent] == ["before", "after"]
    assert [row["state"] for row in office.rows(rule="direct")] == ["sent", "failed", "sent"]
    assert "message_failed" in {row["rule"] for row in office.rows()}
