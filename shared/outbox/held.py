"""Messages kept back: tried again when their time comes, parked for an operator when trying is over."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from shared.base.clock import wall_now
from shared.base.database import Database, UnitOfWork
from shared.events import Envelope
from shared.kernel.errors import NotFound, Undecodable
from shared.kernel.instants import format_instant
from shared.outbox.inbox import Handler, attempt, held_signal, judge
from shared.outbox.tables import PARKED, WAITING, MessagingTables

LIST_LIMIT = 1000
_SHOWN = ("id", "queue", "event_id", "type", "state", "reason", "attempts", "held_at", "next_try_at")


class Held:
    """The held messages of one service."""

    def __init__(self, database: Database, tables: MessagingTables) -> None:
        self.database = database
        self.table = tables.held
        self._next = sa.select(sa.func.min(self.table.c.next_try_at)).where(
            self.table.c.state == WAITING, self.table.c.queue == sa.bindparam("queue")
        )

    def next_due(self, queue: str) -> datetime | None:
        """When the next message of this queue is to be tried again, by real time."""
        with self.database.read() as connection:
            return self.next_seen(connection, queue)

    def next_seen(self, connection: sa.Connection, queue: str) -> datetime | None:
        """The same, for who has a connection already."""
        due: datetime | None = connection.scalar(self._next, {"queue": queue})
        return due

    def retry_due(self, handlers: Mapping[str, Handler], limit: int = 100) -> int:
        """Try every message whose time has come, one transaction each; how many were tried."""
        now = wall_now()
        ids = self._due(now, sorted(handlers), limit)
        for held_id in ids:
            with self.database.write() as uow:
                self._retry(uow, held_id, handlers, now)
        return len(ids)

    def _due(self, now: datetime, queues: Sequence[str], limit: int) -> list[int]:
        held = self.table.c
        query = (
            sa.select(held.id)
            .where(held.state == WAITING, held.next_try_at <= now, held.queue.in_(queues))
            .order_by(held.next_try_at)
            .limit(limit)
        )
        with self.database.read() as connection:
            return list(connection.scalars(query))

    def _retry(self, uow: UnitOfWork, held_id: int, handlers: Mapping[str, Handler], now: datetime) -> None:
        held = self.table.c
        due = sa.select(self.table).where(held.id == held_id, held.state == WAITING, held.next_try_at <= now)
        row = uow.connection.execute(due.with_for_update(skip_locked=True)).one_or_none()
        if row is None:
            return  # another replica has it, or had it
        error = _try(uow, row, handlers[row.queue])
        if error is None:
            uow.connection.execute(self.table.delete().where(held.id == held_id))
            return
        failure = judge(error, row.attempts + 1, wall_now())
        change = {
            "state": WAITING if failure.next_try_at else PARKED,
            "reason": failure.reason,
            "attempts": row.attempts + 1,
            "next_try_at": failure.next_try_at,
        }
        uow.connection.execute(self.table.update().where(held.id == held_id).values(change))

    def list(self, state: str | None = None) -> list[dict[str, Any]]:
        """The held messages, oldest first, at most LIST_LIMIT."""
        query = sa.select(*(self.table.c[name] for name in _SHOWN)).order_by(self.table.c.id).limit(LIST_LIMIT)
        if state:
            query = query.where(self.table.c.state == state)
        with self.database.read() as connection:
            return [_describe(row) for row in connection.execute(query)]

    def count(self) -> dict[str, int]:
        """How many messages stand in each state."""
        query = sa.select(self.table.c.state, sa.func.count()).group_by(self.table.c.state)
        with self.database.read() as connection:
            found = {state: count for state, count in connection.execute(query)}
        return {WAITING: found.get(WAITING, 0), PARKED: found.get(PARKED, 0)}

    def replay(self, held_id: int) -> None:
        """Try this message again now, with all its tries before it."""
        change = {"state": WAITING, "next_try_at": wall_now(), "attempts": 0}
        self._change(held_id, self.table.update().values(change))

    def drop(self, held_id: int) -> None:
        """Give this message up; it stays in the inbox as taken."""
        self._change(held_id, self.table.delete())

    def _change(self, held_id: int, statement: Any) -> None:
        with self.database.write() as uow:
            changed = statement.where(self.table.c.id == held_id).returning(self.table.c.queue)
            queue = uow.connection.scalar(changed)
            if queue is None:
                raise NotFound(f"no held message {held_id}; `aftercare parked list` shows them")
            uow.signal(held_signal(queue))


def _try(uow: UnitOfWork, row: Any, handler: Handler) -> Exception | None:
    try:
        envelope = Envelope.from_bytes(row.body.encode())
    except Undecodable as error:
        return error  # kept by an older release that took what this one does not
    return attempt(uow, envelope, handler)


def _describe(row: Any) -> dict[str, Any]:
    return {name: _shown(getattr(row, name)) for name in _SHOWN}


def _shown(value: Any) -> Any:
    return format_instant(value) if isinstance(value, datetime) else value
