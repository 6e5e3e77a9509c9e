"""Receipts of providers: monotonic, joined by reference, whenever they come (NO-3)."""

import threading

import pytest
import sqlalchemy as sa

from services.notify import handlers
from services.notify.domain.provider import Accepted, Unclear
from services.notify.gateways.mime import Sender, email_of
from services.notify.handlers import Receipt
from services.notify.schemas import TakeReceipt
from services.notify.service import take_receipt
from services.notify.storage.tables import messages, messaging, receipts
from shared.base.schema import load
from shared.events import Envelope
from shared.kernel.mail_threads import marked_cases, our_reference
from tests.integration.notify.office import RULES, Office
from tests.integration.notify.steps import real_time_goes_on, receive, send
from tests.support.waiting import wait_for
from tests.unit.notify.events import NOW


def test_receipts_count_by_either_reference_before_or_after_the_answer(office: Office) -> None:
    for key in ("ours", "theirs", "early"):
        send(office, key, text=key)
    jobs = {job.outgoing.text: job for job in office.claim() if job.outgoing}
    receive(office, Receipt(f"p-{jobs['early'].reference}", "delivered"))
    assert office.states() == ["sending"] * 3
    office.record(list(jobs.values()))
    assert office.states() == ["sent", "sent", "delivered"]
    theirs = Receipt(f"p-{jobs['theirs'].reference}", "failed", "no signal")
    receive(office, Receipt(jobs["ours"].reference, "delivered"), theirs)
    assert office.states()[:3] == ["delivered", "failed", "delivered"]


def test_of_two_receipts_the_better_news_counts_in_any_order(office: Office) -> None:
    for number, order in enumerate((["failed", "delivered"], ["delivered", "failed"])):
        send(office, f"k{number}")
        office.send_due()
        reference = office.provider.sent[-1].reference
        for state in order:
            receive(office, Receipt(reference, state, "why"))
    assert [row["state"] for row in office.rows(rule="direct")] == ["delivered", "delivered"]


def test_a_receipt_spares_a_message_that_waits_to_be_sent_again(office: Office) -> None:
    office.provider.answers.append(Unclear("timed out"))
    send(office, category="escalation")
    office.send_due()
    assert office.states() == ["accepted"]
    receive(office, Receipt(office.provider.sent[-1].reference, "delivered"))
    assert office.states() == ["delivered"]
    real_time_goes_on(office, minutes=1)
    assert office.send_due() == []


@pytest.mark.parametrize("theirs", [False, True])
@pytest.mark.parametrize(("told", "state"), [("delivered", "delivered"), ("failed", "sent")])
def test_a_receipt_for_an_earlier_try_counts_as_far_as_it_can(
    office: Office, told: str, state: str, theirs: bool
) -> None:
    office.provider.answers.append(Unclear("timed out"))
    send(office, category="escalation")
    first = office.claim()
    office.record(first)
    real_time_goes_on(office, minutes=1)
    office.send_due()
    assert office.states() == ["sent"]
    reference = first[0].reference
    if theirs:  # the answer that was waited for came later, from a process that was thought dead
        office.provider.answers.append(Accepted(f"p-{reference}"))
        office.record(first)
        reference = f"p-{reference}"
    receive(office, Receipt(reference, told, "no signal"))
    assert office.states() == [state]
    with office.database.read() as connection:
        assert connection.scalars(sa.select(receipts.c.joined_at)).one() is not None
    receive(office, Receipt(office.provider.sent[-1].reference, "delivered"))
    assert office.states() == ["delivered"]


def test_two_receipts_at_the_same_time_leave_the_better_news(office: Office) -> None:
    send(office)
    office.send_due()
    reference = office.provider.sent[-1].reference
    late = threading.Thread(target=receive, args=(office, Receipt(reference, "failed", "no signal")))
    with office.database.write() as uow:
        handlers.receive(RULES, uow, "recorder", [Receipt(reference, "delivered")], "raw")
        late.start()
        if not office.database.is_sqlite:  # there one waits before it begins
            wait_for(office.locks_waited_for, "the other receipt waits for this one")
    late.join(30)
    assert office.rows(rule="direct")[0]["state"] == "delivered"


def test_the_sequence_of_its_events_grows_in_the_order_in_which_they_happen(office: Office) -> None:
    office.provider.answers.append(Unclear("timed out"))
    send(office)
    office.send_due()
    reference = office.provider.sent[0].reference
    receive(office, Receipt(reference, "failed", "no signal"))
    receive(office, Receipt(reference, "delivered"))
    query = sa.select(messaging.outbox.c.body).order_by(messaging.outbox.c.id)
    with office.database.read() as connection:
        told = [Envelope.from_bytes(body.encode()) for body in connection.scalars(query)]
    of_mine = [each for each in told if each.data["message"]["rule"] == "direct"]
    assert [each.type.split(".")[1] for each in of_mine] == ["accepted", "unknown", "failed", "delivered"]
    assert [each.sequence for each in of_mine] == sorted({each.sequence for each in of_mine})


def test_impossible_states_are_impossible(office: Office) -> None:
    send(office)
    for wrong in ({"state": "sent"}, {"state": "gone"}, {"ended_at": NOW}, {"state": "failed", "ended_at": NOW}):
        with pytest.raises(sa.exc.IntegrityError), office.database.write() as uow:
            uow.connection.execute(messages.update().values(wrong))


def test_a_mail_that_came_back_has_failed(office: Office) -> None:
    secret, case_no = "s" * 32, "954770952750"
    send(office, channel="email", to="li@customer.example", subject="x", case_no=case_no)
    (job,) = office.claim()
    assert job.outgoing is not None
    mail = email_of(job.outgoing, Sender("", "service@x.example", secret, "box@x.example"), NOW)
    office.record([job])
    assert marked_cases(secret, str(mail["Reply-To"])) == marked_cases(secret, mail["Message-ID"]) == [case_no]
    told = {"reference": our_reference(secret, mail["Message-ID"]), "state": "failed", "reason": "failed 5.1.1"}
    with office.database.write() as uow:
        take_receipt(RULES, load(TakeReceipt(), told), uow)
    (row,) = office.rows(rule="direct")
    assert (row["state"], row["reason"]) == ("failed", "failed 5.1.1")
