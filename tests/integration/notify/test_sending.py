"""What becomes of a message on its way: tried again, given up, not known, proven by receipts (NO-2, NO-3, NO-6)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.notify import handlers
from services.notify.domain.provider import Accepted, Failed, Refused, Result, Unclear
from services.notify.domain.vocabulary import EMAIL, SMS
from services.notify.handlers import Sender, load_rules
from services.notify.handlers.lanes import LONGEST_SECONDS
from services.notify.storage.tables import messaging
from shared.base.database import Database
from shared.base.people import load_people
from shared.base.traces import going_on, new_trace
from shared.outbox import Inbox
from shared.testing.clock import ManualClock
from tests.integration.notify.office import RULES, Office, Provider
from tests.integration.notify.steps import events, real_time_goes_on, send, wall_clocks_differ, watch
from tests.unit.notify.events import NOW, Case, breached, step, warned

MAJOR = {"severity": "major", "customer": {}}


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


@pytest.mark.parametrize(("known", "state"), [(None, "unknown"), (Accepted("p"), "sent"), (Failed("no"), "accepted")])
def test_what_a_crash_left_open_is_asked_for_once_its_lease_is_over(
    office: Office, known: Result | None, state: str
) -> None:
    send(office)
    (job,) = office.claim()  # committed; then the process ends
    office.sender = office.another_sender()
    assert office.claim() == [], "it may still be under way"
    assert office.rests()
    watch(office, office.sender, seconds=6)
    if known is not None:
        office.provider.known[job.reference] = known
    (question,) = office.claim()
    assert question.outgoing is None
    office.record([question])
    assert office.rows(rule="direct")[0]["state"] == state
    assert office.provider.sent == []


def test_a_late_answer_of_a_process_that_was_thought_dead_still_counts(office: Office) -> None:
    send(office)
    jobs, other = office.claim(), office.another_sender()
    watch(office, other, seconds=6)
    office.record(office.claim(other), other)
    assert office.rows(rule="direct")[0]["state"] == "unknown"
    office.record(jobs)
    assert office.rows(rule="direct")[0]["state"] == "sent"


@pytest.mark.parametrize("behind", [-3600, 0, 3600])
def test_wall_clocks_of_replicas_do_not_matter(office: Office, behind: int) -> None:
    send(office, category="escalation")
    jobs, other = office.claim(), office.another_sender()
    wall_clocks_differ(office, seconds=behind)
    assert office.claim(other) == [], "whatever its clock says, it has only just been seen"
    watch(office, other, seconds=8, in_hand=jobs)
    assert office.claim(other) == [], "it is renewed while the call lasts"
    watch(office, other, seconds=6)
    (question,) = office.claim(other)
    assert question.attempt_id == jobs[0].attempt_id, "nobody renews it any more"


def test_who_did_not_look_for_a_while_begins_to_watch_anew(office: Office) -> None:
    send(office)
    office.claim()
    other = office.another_sender()
    watch(office, other, seconds=4)
    office.seconds += 10
    assert office.claim(other) == [], "the database may have been away, for its owner too"
    watch(office, other, seconds=6)
    assert len(office.claim(other)) == 1


def test_of_two_that_watch_one_takes_over(office: Office) -> None:
    send(office)
    office.claim()
    others = [office.another_sender(), office.another_sender()]
    for _ in range(5):
        assert all(office.rests(sender=each) for each in others)
        office.seconds += 1
    assert sorted(len(office.claim(each)) for each in others) == [0, 1]


def test_two_processes_share_and_never_send_the_same(office: Office) -> None:
    for number in range(12):
        send(office, f"k{number}", to=f"+86138001380{number:02}")
    other = office.another_sender()
    mine, theirs = office.claim(), office.claim(other)
    assert len(mine) == 8
    assert len(theirs) == 4
    assert {job.attempt_id for job in mine}.isdisjoint(job.attempt_id for job in theirs)


def test_nobody_looks_again_and_again_for_what_waits_until_a_call_ends(office: Office) -> None:
    for number in range(9):
        send(office, f"k{number}", to=f"+8613800138{number:03}", urgent=True)
    busy = office.claim()
    assert len(busy) == 8
    assert office.rests(busy), "the loop sleeps until a call ends"
    assert office.earliest() == NOW, "but no time goes on without it"


def test_its_time_is_over_before_it_could_go(office: Office) -> None:
    office.provider.answers.append(Failed("down"))
    send(office)
    office.send_due()
    office.forward(hours=73)
    assert office.rows(rule="direct")[0]["state"] == "expired"
    assert "message_failed" in {row["rule"] for row in office.rows()}


def test_a_provider_that_is_down_rests_and_holds_neither_time_nor_others_up(office: Office) -> None:
    for number in range(6):
        send(office, f"k{number}", to=f"+8613800138{number:03}", urgent=True)
    send(office, "mail", channel="email", to="a@example.com", subject="s")
    broken = Provider(answers=type(office.provider.answers)([Failed("connection refused")] * 9))
    office.sender = Sender(RULES, {SMS: broken, EMAIL: office.provider, "webhook": office.provider})
    office.send_due()
    assert [each.channel for each in office.provider.sent] == [EMAIL]
    assert office.rests()
    send(office, "new", urgent=True)
    assert office.earliest() > NOW, f"the lane rests up to {LONGEST_SECONDS} s"


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


def test_a_flood_is_bundled_and_its_first_message_goes_at_once(office: Office) -> None:
    cases = [Case(f"2600000{number:05}", owner="south-desk") for number in range(200)]
    office.tell(*(breached(case, warned=[]) for case in cases))
    first = office.send_due()
    assert len(first) == 6, "one to each of three people on each of two channels"
    rest = office.forward(seconds=30)
    per_way: dict[str, int] = {}
    for each in [*first, *rest]:
        per_way[each.to] = per_way.get(each.to, 0) + 1
    assert len(per_way) == 6
    assert max(per_way.values()) <= 3
    (whole, *_) = [each for each in rest if each.to == "desk@aftercare.example"]
    assert "条通知" in whole.subject
    assert set(office.states()) == {"sent"}
    assert len(office.rows()) == 1200


def test_bundling_does_not_delay_the_first_message_of_a_major_case(office: Office) -> None:
    office.tell(*(warned(Case(f"2600000{number:05}", owner="south-desk"), 0.5) for number in range(5)))
    assert len(office.send_due()) == 1
    office.tell(warned(Case("260000099999", owner="south-desk", severity="major"), 0.5))
    assert len(office.send_due()) == 1, "not urgent, but the first that is heard of a major case"


def test_codes_of_a_bundle_are_all_in_the_mail(office: Office) -> None:
    cases = [Case(f"2600000{number:05}") for number in range(9)]
    office.tell(*(step(case, "desk", escalation_id=case.case_no) for case in cases))
    sent = [*office.send_due(), *office.forward(seconds=30)]
    mails = "\n".join(each.subject + each.text for each in sent if each.channel == EMAIL)
    assert all(case.case_no in mails for case in cases)
