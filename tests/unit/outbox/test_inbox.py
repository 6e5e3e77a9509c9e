"""The inbox: a message has its effect once, and a bad one harms no other (design 3)."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from shared.base.database import UnitOfWork
from shared.base.engines import DatabaseAway
from shared.base.traces import current_trace
from shared.events import Envelope
from shared.kernel.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Rejected,
    Retryable,
    Unavailable,
    Undecodable,
)
from shared.outbox.inbox import BACKOFF_SECONDS, LONGEST_REASON, judge
from shared.outbox.tables import PARKED, WAITING
from tests.unit.outbox.conftest import Desk, event, tables

NOW = datetime(2026, 11, 21, 20, tzinfo=UTC)
QUEUE = "intake.clocks"


def test_a_message_has_its_effect_once(desk: Desk) -> None:
    one, two = event("one"), event("two")
    assert desk.inbox.apply(QUEUE, [one, two], desk.echo) == 2
    assert desk.inbox.apply(QUEUE, [two, one, event("three")], desk.echo) == 1
    assert desk.effects() == ["one", "two", "three"]
    assert len(desk.rows(tables.outbox)) == 3


def test_duplicates_inside_one_batch_count_once(desk: Desk) -> None:
    one = event("one")
    assert desk.inbox.apply(QUEUE, [one, event("two"), one, one], desk.echo) == 2
    assert Counter(desk.effects()) == {"one": 1, "two": 1}


def test_each_queue_takes_it_for_itself(desk: Desk) -> None:
    assert desk.inbox.apply("a", [event("one")], desk.echo) == 1
    assert desk.inbox.apply("b", [event("one")], desk.echo) == 1


def test_an_empty_batch_is_nothing(desk: Desk) -> None:
    assert desk.inbox.apply(QUEUE, [], desk.echo) == 0


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Rejected("never"), PARKED),
        (Retryable("not yet"), WAITING),
        (ZeroDivisionError("a mistake"), WAITING),
        (Unavailable("the other is away"), WAITING),
    ],
)
def test_one_of_a_hundred_goes_its_own_way(desk: Desk, error: Exception, state: str) -> None:
    batch = [event(f"e{number:03}") for number in range(100)]
    assert desk.inbox.apply(QUEUE, batch, desk.failing({"e042": error})) == 100
    assert sorted(desk.effects()) == [each.id for each in batch if each.id != "e042"]
    assert len(desk.rows(tables.outbox)) == 99, "what the failing one staged went with it"
    (held,) = desk.rows(tables.held)
    assert (held.event_id, held.state, held.attempts, held.queue) == ("e042", state, 1, QUEUE)
    assert held.reason == f"{type(error).__name__}: {error}"
    assert Envelope.from_bytes(held.body.encode()) == batch[42]


@pytest.mark.parametrize("trouble", [{}, {"e042": Rejected("never")}])
def test_a_batch_is_one_commit(desk: Desk, trouble: dict[str, Exception]) -> None:
    commits: list[Any] = []
    sa.event.listen(desk.database.engine, "commit", commits.append)
    desk.inbox.apply(QUEUE, [event(f"e{number:03}") for number in range(100)], desk.failing(trouble))
    assert len(commits) == 1


def test_a_message_that_failed_is_taken_all_the_same(desk: Desk) -> None:
    desk.inbox.apply(QUEUE, [event("one")], desk.failing({"one": Rejected("no")}))
    assert desk.inbox.apply(QUEUE, [event("one")], desk.failing({"one": Rejected("no")})) == 0
    assert len(desk.rows(tables.held)) == 1


def test_an_error_of_the_database_in_one_message_spares_the_others(desk: Desk) -> None:
    def handle(uow: UnitOfWork, message: Envelope) -> None:
        column = "missing" if message.id == "bad" else "event_id"
        uow.connection.execute(sa.text(f"INSERT INTO effects ({column}) VALUES ('{message.id}')"))

    assert desk.inbox.apply(QUEUE, [event("a"), event("bad"), event("c")], handle) == 3
    assert desk.effects() == ["a", "c"]


def test_a_sink_that_fails_is_its_messages_fault(desk: Desk) -> None:
    def write(_uow: UnitOfWork, names: list[str]) -> None:
        if "bad" in names:
            raise ValueError("cannot write this")

    def handle(uow: UnitOfWork, message: Envelope) -> None:
        desk.echo(uow, message)
        uow.collect(write, [message.id])

    assert desk.inbox.apply(QUEUE, [event("a"), event("bad"), event("c")], handle) == 3
    assert desk.effects() == ["a", "c"]
    assert [row.event_id for row in desk.rows(tables.held)] == ["bad"]


def test_messages_of_one_subject_keep_their_order_and_subjects_have_one(desk: Desk) -> None:
    batch = [event("b1", "b"), event("a1", "a"), event("b2", "b"), event("a2", "a")]
    desk.inbox.apply(QUEUE, batch, desk.echo)
    assert desk.effects() == ["a1", "a2", "b1", "b2"]


def test_a_database_that_is_away_takes_nothing(desk: Desk) -> None:
    def handle(_uow: UnitOfWork, _message: Envelope) -> None:
        raise DatabaseAway("gone")

    with pytest.raises(DatabaseAway):
        desk.inbox.apply(QUEUE, [event("one")], handle)
    assert desk.rows(tables.inbox) == []
    assert desk.rows(tables.held) == []


def test_a_lost_connection_in_the_middle_takes_nothing(postgres_desk: Desk) -> None:
    desk = postgres_desk

    def handle(uow: UnitOfWork, message: Envelope) -> None:
        desk.echo(uow, message)
        if message.id == "two":
            pid = uow.connection.scalar(sa.text("SELECT pg_backend_pid()"))
            with desk.database.write() as other:
                other.connection.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            uow.connection.execute(sa.text("SELECT 1"))

    with pytest.raises(DatabaseAway):
        desk.inbox.apply(QUEUE, [event("one"), event("two")], handle)
    assert desk.effects() == []
    assert desk.rows(tables.inbox) == []


def test_a_heavy_statement_holds_up_its_own_message_only(postgres_desk: Desk) -> None:
    desk = postgres_desk

    def handle(uow: UnitOfWork, message: Envelope) -> None:
        desk.echo(uow, message)
        if message.id == "heavy":
            uow.connection.execute(sa.text("SET LOCAL statement_timeout = 50"))
            uow.connection.execute(sa.text("SELECT pg_sleep(5)"))

    assert desk.inbox.apply(QUEUE, [event("a"), event("heavy"), event("c")], handle) == 3
    assert desk.effects() == ["a", "c"]
    assert [(row.event_id, row.state) for row in desk.rows(tables.held)] == [("heavy", WAITING)]


def test_each_message_is_handled_in_its_own_trace(desk: Desk) -> None:
    seen = []
    before = current_trace.get()
    message = Envelope.from_bytes(
        json.dumps(
            json.loads(event("one").to_bytes())
            | {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
        ).encode()
    )
    desk.inbox.apply(QUEUE, [message, event("two")], lambda _uow, _event: seen.append(current_trace.get()))
    assert seen == [message.traceparent, ""]
    assert current_trace.get() == before


@pytest.mark.parametrize(
    "error", [Rejected("x"), Invalid("x"), NotFound("x"), Conflict("x"), Forbidden("x"), Undecodable("x")]
)
def test_what_can_never_succeed_is_parked_at_once(error: Exception) -> None:
    assert judge(error, 1, NOW).next_try_at is None


@pytest.mark.parametrize("error", [Retryable("x"), Unavailable("x"), KeyError("x"), MemoryError()])
def test_what_may_succeed_is_tried_on_schedule_and_then_parked(error: Exception) -> None:
    waits = [judge(error, attempt, NOW).next_try_at for attempt in range(1, len(BACKOFF_SECONDS) + 2)]
    assert waits[:-1] == [NOW + timedelta(seconds=seconds) for seconds in (0.2, 1, 5, 30, 120, 600, 3600)]
    assert waits[-1] is None
    assert "tried 8 times" in judge(error, 8, NOW).reason


def test_a_reason_can_be_kept_and_shown(desk: Desk) -> None:
    odd = ValueError("nul \x00, lone \ud800, call 13800138000 " + "x" * 10_000)
    desk.inbox.apply(QUEUE, [event("one", name="\ud800")], desk.failing({"one": odd}))
    (held,) = desk.rows(tables.held)
    assert "13800138000" not in held.reason
    assert len(held.reason) == LONGEST_REASON
    assert Envelope.from_bytes(held.body.encode()).data == {"name": "\ud800"}


def test_a_second_failure_after_the_inbox_forgot_stops_nothing(desk: Desk) -> None:
    for _ in range(2):
        desk.inbox.apply(QUEUE, [event("one")], desk.failing({"one": Rejected("no")}))
        desk.change(tables.inbox.delete())
    assert len(desk.rows(tables.held)) == 1
