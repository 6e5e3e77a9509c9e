"""Retention: 7 days for what was sent, 30 for what was taken and answered; what waits is never touched."""

from datetime import timedelta

import sqlalchemy as sa

from shared.outbox.retention import BATCH, tidy
from tests.unit.conftest import START
from tests.unit.outbox.conftest import Desk, tables


def ago(days: float) -> object:
    return START - timedelta(days=days)


def _event(name: str, sent: float | None, staged: float) -> dict[str, object]:
    """One that was staged and sent so many days ago."""
    at = {"staged_at": ago(staged), "sent_at": None if sent is None else ago(sent)}
    return {"event_id": name, "exchange": "x", "routing_key": "k", "body": "{}", **at}


def fill(desk: Desk) -> None:
    sent = [("old", 7.1), ("young", 6.9), ("pending", None)]
    desk.change(tables.outbox.insert().values([_event(name, days, 40) for name, days in sent]))
    kept = [("old", 30.1), ("young", 29.9)]
    desk.change(
        tables.inbox.insert().values([{"queue": "q", "event_id": n, "taken_at": ago(days)} for n, days in kept])
    )
    answers = [{"method": "m", "request_id": n, "answer": {}, "answered_at": ago(days)} for n, days in kept]
    for answer in answers:
        desk.change(tables.answers.insert().values(answer))


def test_the_old_go_and_the_rest_stays(desk: Desk) -> None:
    fill(desk)
    assert tidy(desk.database, tables, START) == 3
    assert [row.event_id for row in desk.rows(tables.outbox)] == ["young", "pending"]
    assert [row.event_id for row in desk.rows(tables.inbox)] == ["young"]
    assert [row.request_id for row in desk.rows(tables.answers)] == ["young"]
    assert tidy(desk.database, tables, START) == 0


def test_it_goes_in_batches(desk: Desk) -> None:
    rows = [{"queue": "q", "event_id": str(number), "taken_at": ago(31)} for number in range(BATCH + 1)]
    with desk.database.write() as uow:
        uow.connection.execute(tables.inbox.insert(), rows)
    assert tidy(desk.database, tables, START) == BATCH + 1


def test_sent_events_go_in_batches_past_those_that_wait(desk: Desk) -> None:
    days = [None] * BATCH + [8.0] * (BATCH + 1) + [6.0, 8.0]
    with desk.database.write() as uow:
        uow.connection.execute(tables.outbox.insert(), [_event(str(place), sent, 9) for place, sent in enumerate(days)])
    assert tidy(desk.database, tables, START) == BATCH + 2
    assert [row.sent_at for row in desk.rows(tables.outbox)] == [None] * BATCH + [ago(6)]


def test_it_looks_no_further_than_what_may_have_been_sent_so_long_ago(desk: Desk) -> None:
    old = [_event(str(place), 8, 9) for place in range(BATCH - 1)]
    young = [_event(f"young {place}", 1, 2) for place in range(2 * BATCH)]
    with desk.database.write() as uow:
        uow.connection.execute(tables.outbox.insert(), old + young)
    asked: list[str] = []
    sa.event.listen(desk.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    assert tidy(desk.database, tables, START) == BATCH - 1
    assert sum(words.startswith("SELECT outbox.id") for words in asked) == 1
