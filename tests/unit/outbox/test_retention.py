"""Retention: 7 days for what was sent, 30 for what was taken and answered; what waits is never touched."""

from datetime import timedelta

from shared.outbox.retention import BATCH, tidy
from tests.unit.conftest import START
from tests.unit.outbox.conftest import Desk, tables


def ago(days: float) -> object:
    return START - timedelta(days=days)


def fill(desk: Desk) -> None:
    sent = [("old", 7.1), ("young", 6.9), ("pending", None)]
    rows = [
        {
            "event_id": name,
            "exchange": "x",
            "routing_key": "k",
            "body": "{}",
            "staged_at": ago(40),
            "sent_at": ago(days) if days else None,
        }
        for name, days in sent
    ]
    desk.change(tables.outbox.insert().values(rows))
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
