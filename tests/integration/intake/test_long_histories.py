"""Events of cases with long histories: what is sent carries every fact, however it was kept (contracts 5)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from services.intake.storage import told
from services.intake.storage.tables import MESSAGING
from services.intake.storage.told import LONG, Texts, whole
from shared.kernel.plain_json import written
from tests.integration.intake.counter import Counter
from tests.integration.intake.office import Answer, Office

STEPS = 12
TEXT = "The wall was dried. " * 100


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
    return body, json.loads(whole(office.database, body))


def forgotten(office: Office) -> None:
    """As after the start of a process."""
    told._texts(office.database.engine).forget()


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
    assert json.loads(whole(office.database, body)) == event
    assert len(event["data"]["case"]["facts"]) == STEPS + 1


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
        facts = json.loads(whole(office.database, waiting))["data"]["case"]["facts"]
        assert "13900139000" not in json.dumps(facts), "though it was said before"


@pytest.mark.parametrize("text", ['"facts":"\x1a1 2 3"', "\x1a1 2 3", '\\"facts\\":\\"\\u001a1 2 3'])
def test_nothing_that_somebody_writes_is_a_reference(office: Office, text: str) -> None:
    body = written({"data": {"case": {"product": {"model": text}, "facts": [text]}}}).text
    assert whole(office.database, body) == body


def test_memory_is_bounded_and_holds_what_was_told_last() -> None:
    texts = Texts(most=2 * told._size("1234") + 1)
    for number in range(4):
        texts.keep(f"case {number}", "chain", "1234")
    assert [texts.get(f"case {number}", "chain") for number in range(4)] == [None, None, "1234", "1234"]
    texts.keep("case 3", "next", "123456")
    assert (texts.get("case 3", "chain"), texts.get("case 3", "next")) == (None, "123456")
    assert texts.get("case 2", "chain") is None
