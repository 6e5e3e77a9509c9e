"""Held messages: tried on schedule, parked when trying is over, replayed and dropped by the operator."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from shared.base.clock import wall_now
from shared.base.database import UnitOfWork
from shared.events import Envelope
from shared.kernel.errors import NotFound, Rejected, Retryable
from shared.outbox.inbox import BACKOFF_SECONDS, held_signal
from shared.outbox.tables import PARKED, WAITING
from tests.unit.outbox.conftest import Desk, event, tables

QUEUE = "intake.clocks"
held = tables.held


def hold(desk: Desk, *ids: str, error: Exception | None = None) -> None:
    trouble = dict.fromkeys(ids, error or Retryable("not yet"))
    desk.inbox.apply(QUEUE, [event(event_id) for event_id in ids], desk.failing(trouble))


def make_due(desk: Desk) -> None:
    """What the passing of time does."""
    past = wall_now() - timedelta(seconds=1)
    desk.change(held.update().where(held.c.state == WAITING).values(next_try_at=past))


def test_it_is_done_when_its_time_comes(desk: Desk) -> None:
    hold(desk, "one")
    make_due(desk)
    assert desk.held.retry_due({QUEUE: desk.echo}) == 1
    assert desk.effects() == ["one"]
    assert desk.rows(held) == []
    assert len(desk.rows(tables.outbox)) == 1


def test_it_is_not_tried_before_its_time(desk: Desk) -> None:
    hold(desk, "one")
    desk.change(held.update().values(next_try_at=wall_now() + timedelta(minutes=1)))
    assert desk.held.retry_due({QUEUE: desk.echo}) == 0


def test_the_next_one_due_is_known_and_whoever_waits_for_it_is_woken(desk: Desk) -> None:
    kept_back = desk.database.woken_by(held_signal(QUEUE))
    assert desk.held.next_due(QUEUE) is None
    before = wall_now()
    hold(desk, "one", "two")
    assert kept_back.is_set()
    make_due(desk)
    due = desk.held.next_due(QUEUE)
    assert due is not None
    assert due < before
    assert desk.held.next_due("another") is None

    hold(desk, "never", error=Rejected("never"))
    kept_back.clear()
    desk.held.replay(next(each["id"] for each in desk.held.list() if each["event_id"] == "never"))
    assert kept_back.is_set(), "an operator's replay is tried at once"


def test_only_queues_that_have_a_handler_here_are_tried(desk: Desk) -> None:
    hold(desk, "one")
    make_due(desk)
    assert desk.held.retry_due({"another": desk.echo}) == 0
    assert desk.held.retry_due({}) == 0


def test_it_is_parked_when_the_schedule_is_used_up(desk: Desk) -> None:
    hold(desk, "one")
    for attempt in range(2, len(BACKOFF_SECONDS) + 2):
        make_due(desk)
        before = wall_now()
        assert desk.held.retry_due({QUEUE: desk.failing({"one": Retryable(f"try {attempt}")})}) == 1
        (row,) = desk.rows(held)
        assert row.attempts == attempt
        if attempt <= len(BACKOFF_SECONDS):
            wait = (row.next_try_at - before).total_seconds()
            assert BACKOFF_SECONDS[attempt - 1] <= wait < BACKOFF_SECONDS[attempt - 1] + 5
    assert (row.state, row.next_try_at) == (PARKED, None)
    assert desk.held.count() == {WAITING: 0, PARKED: 1}
    assert desk.held.retry_due({QUEUE: desk.echo}) == 0
    assert desk.effects() == []


def test_one_that_turns_out_hopeless_is_parked_at_once(desk: Desk) -> None:
    hold(desk, "one")
    make_due(desk)
    desk.held.retry_due({QUEUE: desk.failing({"one": Rejected("never")})})
    (row,) = desk.rows(held)
    assert (row.state, row.reason, row.attempts) == (PARKED, "Rejected: never", 2)


def test_a_failing_one_does_not_stop_the_others(desk: Desk) -> None:
    hold(desk, "one", "two", "three")
    make_due(desk)
    assert desk.held.retry_due({QUEUE: desk.failing({"two": ValueError("no")})}) == 3
    assert sorted(desk.effects()) == ["one", "three"]


def test_one_kept_by_an_older_release_in_another_form_is_parked(desk: Desk) -> None:
    hold(desk, "one")
    desk.change(held.update().values(body='{"specversion": "0.3"}'))
    make_due(desk)
    assert desk.held.retry_due({QUEUE: desk.echo}) == 1
    assert desk.rows(held)[0].state == PARKED


def test_the_operator_lists_replays_and_drops(desk: Desk) -> None:
    hold(desk, "one", "two", error=Rejected("never"))
    hold(desk, "three")
    listed = desk.held.list()
    assert [(each["event_id"], each["state"]) for each in listed] == [
        ("one", PARKED),
        ("two", PARKED),
        ("three", WAITING),
    ]
    assert "body" not in listed[0], "a list shows no personal data"
    assert [each["event_id"] for each in desk.held.list(WAITING)] == ["three"]

    desk.held.replay(listed[0]["id"])
    assert desk.held.retry_due({QUEUE: desk.echo}) >= 1
    assert "one" in desk.effects()

    desk.held.drop(listed[1]["id"])
    assert "two" not in [each["event_id"] for each in desk.held.list()]
    assert desk.inbox.apply(QUEUE, [event("two")], desk.echo) == 0, "given up, not forgotten"


def test_a_replayed_one_has_all_its_tries_before_it(desk: Desk) -> None:
    hold(desk, "one", error=Rejected("never"))
    (row,) = desk.rows(held)
    desk.held.replay(row.id)
    desk.held.retry_due({QUEUE: desk.failing({"one": Retryable("not yet")})})
    (row,) = desk.rows(held)
    assert (row.state, row.attempts) == (WAITING, 1)


@pytest.mark.parametrize("action", ["replay", "drop"])
def test_what_is_not_there_is_told_with_the_remedy(desk: Desk, action: str) -> None:
    with pytest.raises(NotFound, match="parked list"):
        getattr(desk.held, action)(4711)


def test_two_replicas_share_the_due_ones(postgres_desk: Desk) -> None:
    ids = [f"e{number}" for number in range(20)]
    hold(postgres_desk, *ids)
    make_due(postgres_desk)
    together = Barrier(2)

    def retry() -> None:
        together.wait()
        Desk(postgres_desk.database).held.retry_due({QUEUE: postgres_desk.echo})

    threads = [Thread(target=retry) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(postgres_desk.effects()) == sorted(ids)


def test_a_replica_that_comes_late_keeps_to_the_schedule(postgres_desk: Desk) -> None:
    desk = postgres_desk
    hold(desk, "one", "two")
    make_due(desk)
    tried: list[str] = []

    def fail(_uow: UnitOfWork, message: Envelope) -> None:
        tried.append(message.id)
        if len(tried) == 1:
            with desk.database.write() as other:  # another replica has tried the second one meanwhile
                later = held.update().where(held.c.event_id != message.id)
                other.connection.execute(later.values(next_try_at=wall_now() + timedelta(minutes=1)))
        raise Retryable("not yet")

    desk.held.retry_due({QUEUE: fail})
    assert len(tried) == 1


def test_the_database_knows_that_a_waiting_one_has_a_time(desk: Desk) -> None:
    hold(desk, "one")
    with pytest.raises(sa.exc.IntegrityError):
        desk.change(held.update().values(next_try_at=None))
