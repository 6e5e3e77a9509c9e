"""Events of cases with long histories: what is sent carries every fact, however it was kept (contracts 5)."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa

from services.intake.storage import told
from services.intake.storage.tables import MESSAGING, cases, entries
from services.intake.storage.told import LONG, Texts, whole
from shared.base.database import Database
from shared.base.link import Link
from shared.kernel.plain_json import written
from shared.outbox.relay import Publisher, Relay
from tests.integration.intake.counter import Counter
from tests.integration.intake.office import Answer, Office
from tests.integration.intake.tampering import forget_chain
from tests.support.client import client

STEPS = 12
TEXT = "The wall was dried. " * 100


def sent(office: Office, body: str) -> bytes:
    """An event of the outbox as the relay sends it."""
    return b"".join(whole(office.database, body))


def work_on(office: Office, **given: Answer) -> str:
    """A case with a history that is long."""
    case_no = office.case_no(**given)
    for number in range(STEPS):
        office.step(case_no, "reply", text=f"{number}: {TEXT}")
    return case_no


def last_event(office: Office) -> tuple[str, Answer]:
    """The last event as it is kept, and as it is sent."""
    with office.database.read() as connection:
        newest = sa.select(MESSAGING.outbox.c.body).order_by(MESSAGING.outbox.c.id.desc()).limit(1)
        body = connection.scalars(newest).one()
    return body, json.loads(sent(office, body))


def forgotten(office: Office) -> None:
    """As after the start of a process."""
    told._texts(office.database.engine).forget()


@pytest.fixture
def replica(office: Office) -> Iterator[Office]:
    """Another process on the same database, with a memory of its own."""
    url = office.database.engine.url.render_as_string(hide_password=False)
    other = Database(url, service="intake", clock=office.clock)
    yield replace(office, database=other)
    other.close()


def test_what_is_sent_carries_every_fact(office: Office) -> None:
    case_no = work_on(office)
    answered = office.step(case_no, "record_progress", text="went on")["facts"]
    for memory in (True, False):
        if not memory:
            forgotten(office)
        body, event = last_event(office)
        assert event["data"]["case"]["facts"] == answered == office.get(case_no)["facts"]
        assert len(answered) == STEPS + 2
        assert (len(body) < LONG) is office.database.is_sqlite


def test_an_event_tells_what_was_so_when_it_was_said(office: Office) -> None:
    case_no = work_on(office)
    body, event = last_event(office)
    office.step(case_no, "record_progress", text="went on")
    assert json.loads(sent(office, body)) == event
    assert len(event["data"]["case"]["facts"]) == STEPS + 1


def test_a_long_history_is_read_once(office: Office) -> None:
    case_no, asked = work_on(office), []
    sa.event.listen(office.database.engine, "before_cursor_execute", lambda *event: asked.append(event[2]))
    office.step(case_no, "record_progress", text="went on")
    assert not any("_agg(" in each or "group_concat(" in each for each in asked)
    forgotten(office)
    office.step(case_no, "record_progress", text="went on")
    assert sum("_agg(" in each or "group_concat(" in each for each in asked) == 1


def test_what_another_replica_wrote_is_told_too(office: Office, replica: Office) -> None:
    case_no = work_on(office)
    for number, each in enumerate((replica, office, office, replica, replica, office)):
        answered = each.step(case_no, "reply", text=f"again {number}: {TEXT}")["facts"]
        assert last_event(each)[1]["data"]["case"]["facts"] == answered == office.get(case_no)["facts"]


def test_what_another_replica_of_an_older_release_wrote_is_told_too(office: Office, replica: Office) -> None:
    case_no = work_on(office)
    before = len(office.step(case_no, "record_progress", text="went on")["facts"])
    replica.step(case_no, "record_progress", text="and on")
    forget_chain(office.database, case_no, behind=before)  # it knew no chain
    answered = office.step(case_no, "record_progress", text="and on")["facts"]
    assert answered == office.get(case_no)["facts"]
    assert len(answered) == before + 2


def test_what_another_replica_erased_is_told_no_more(office: Office, replica: Office) -> None:
    phone = "+8613900139000"
    case_no = work_on(office, customer={"name": "A. Buyer", "phone": phone}, external_ref="13900139000 rang")
    office.step(case_no, "record_progress", text=f"rang {phone}")
    Counter(replica).erase(phone=phone)
    after = office.step(case_no, "record_progress", text="went on")
    assert "13900139000" not in json.dumps(after["facts"])
    assert "13900139000" not in json.dumps(last_event(office)[1])


def test_a_step_that_is_taken_back_is_told_nowhere(office: Office) -> None:
    case_no = work_on(office)
    with _taken_back(), office.database.write() as uow:
        office.stepping(uow, case_no, "reply", text=TEXT)
        raise ZeroDivisionError
    answered = office.step(case_no, "record_progress", text="went on")["facts"]
    assert [fact["fact"] for fact in answered] == ["received", *["replied"] * STEPS, "progress_recorded"]
    assert last_event(office)[1]["data"]["case"]["facts"] == answered


@contextmanager
def _taken_back() -> Iterator[None]:
    with pytest.raises(ZeroDivisionError):
        yield


def test_what_was_erased_is_told_no_more(office: Office) -> None:
    phone = "+8613900139000"
    case_no = work_on(office, customer={"name": "A. Buyer", "phone": phone}, external_ref="13900139000 rang")
    waiting, event = last_event(office)
    assert phone in json.dumps(event)
    Counter(office).erase(phone=phone)
    after = office.step(case_no, "record_progress", text="went on")
    assert "13900139000" not in json.dumps(after["facts"])
    assert "13900139000" not in json.dumps(last_event(office)[1])
    if office.database.is_sqlite:
        facts = json.loads(sent(office, waiting))["data"]["case"]["facts"]
        assert "13900139000" not in json.dumps(facts), "though it was said before"


@pytest.mark.parametrize("text", ['"facts":"\x1a1 2 3"', "\x1a1 2 3", '\\"facts\\":\\"\\u001a1 2 3'])
def test_nothing_that_somebody_writes_is_a_reference(office: Office, text: str) -> None:
    body = written({"data": {"case": {"product": {"model": text}, "facts": [text]}}}).text
    assert sent(office, body) == body.encode()


def test_an_event_that_nobody_can_tell_any_more_keeps_no_other_waiting(office: Office, amqp_uri: str) -> None:
    lost = work_on(office)
    other = office.case_no()
    with office.database.write() as uow:
        its_id = sa.select(cases.c.id).where(cases.c.case_no == lost).scalar_subquery()
        uow.connection.execute(entries.delete().where(entries.c.case_id == its_id))
        uow.connection.execute(cases.delete().where(cases.c.case_no == lost))
    forgotten(office)
    said = office.said()
    untold = sum(isinstance(each["data"]["case"]["facts"], str) for each in said)
    assert (untold > 0) is office.database.is_sqlite
    with client(amqp_uri) as outside:
        link = Link(amqp_uri, "test", threading.Lock())
        publisher = Publisher(link, whole=partial(whole, office.database))  # declares the exchanges
        heard = outside.tap("intake.events", "case.#")
        outcome = Relay(office.database, MESSAGING.outbox).turn(publisher)
        link.abandon()
        assert (outcome.sent, outcome.refused) == (len(said) - untold, untold)
        assert outside.depth(heard) == len(said) - untold
    assert said[-1]["subject"] == other


def test_memory_is_bounded_and_holds_what_was_told_last() -> None:
    texts = Texts(most=2 * told._size(b"1234") + 1)
    for number in range(4):
        texts.keep(f"case {number}", "chain", b"1234")
    assert [texts.get(f"case {number}", "chain") for number in range(4)] == [None, None, b"1234", b"1234"]
    texts.keep("case 3", "next", b"123456")
    assert (texts.get("case 3", "chain"), texts.get("case 3", "next")) == (None, b"123456")
    assert texts.get("case 2", "chain") is None
