"""Timers that are due: fired together; when that fails each alone, and those that fail are held like messages (AL-2).

A timer is told by its key, which no other timer of the service has. While it is held it is not due, so it delays
nobody: it is tried again with growing waits, then parked with its reason until an operator replays it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from shared.base.clock import wall_now
from shared.base.database import Database, UnitOfWork
from shared.base.engines import DatabaseAway, StatementTooSlow
from shared.base.logs import logger
from shared.base.traces import new_trace
from shared.events import Envelope
from shared.events.envelope import source_of
from shared.outbox.held import Held
from shared.outbox.inbox import Inbox, attempt
from shared.outbox.tables import MessagingTables
from shared.outbox.turns import Turns

TYPE = "timer.due"
TIMERS = "timers"
_ANY_TIME = datetime.min.replace(tzinfo=UTC)

log = logger(__name__)


def queue_of(service: str, what: str = TIMERS) -> str:
    """Under which name the timers of a service are held, or other work that is due."""
    return f"{service}.{what}"


def is_free(
    tables: MessagingTables, service: str, key: sa.ColumnElement[str], what: str = TIMERS
) -> sa.ColumnElement[bool]:
    """A condition: the timer of this key is not held."""
    held = tables.held.c
    return ~sa.exists(sa.select(held.id).where(held.queue == queue_of(service, what), held.event_id == key))


@dataclass(frozen=True)
class Due:
    """How a service fires its timers. `fire` and `keys` pass over those that are held."""

    fire: Callable[[UnitOfWork], int]
    """A batch of what is due; how many. One that tells `uow.taken()` lets another lane take the next meanwhile."""
    keys: Callable[[sa.Connection, datetime], Sequence[str]]
    """What is due by an instant of the suite; locks nothing."""
    fire_one: Callable[[UnitOfWork, str], object]
    """The timer of a key, if it is still due."""


@dataclass(frozen=True)
class Chore:
    """Work that is due as soon as it is committed; `due` and `waits` pass over what is held."""

    name: str
    """Under which it is held, and the signal that wakes whoever does it."""
    waits: Callable[[sa.Connection], bool]
    """Whether anything is to be done."""
    due: Due


class Firing:
    """Fires the timers of one service, or does other work of it that is due."""

    def __init__(self, database: Database, inbox: Inbox, held: Held, what: str = TIMERS) -> None:
        self._database = database
        self._inbox = inbox
        self._held = held
        self.queue = queue_of(database.service, what)
        self._type = TYPE if what == TIMERS else f"{what}.due"
        self._turns = Turns()
        self._retry_at: datetime | None = _ANY_TIME

    def next_retry(self) -> datetime | None:
        """When the next timer that is held is to be tried again, by real time."""
        return self._held.next_due(self.queue)

    def look(self, connection: sa.Connection) -> datetime | None:
        """The same; whoever looks before each turn spares `run` a look of its own."""
        self._retry_at = self._held.next_seen(connection, self.queue)
        return self._retry_at

    def run(self, due: Due) -> int:
        """Fire a batch; how many were fired, or failed and are held. Raises what no single timer is to blame for."""
        tried = self._retry(due)
        try:
            return tried + self._together(due)
        except StatementTooSlow as error:
            return tried + self._one_by_one(due, error)
        except DatabaseAway:
            raise
        except Exception as error:  # noqa: BLE001 - nothing was committed; the second way finds out whose fault it was
            return tried + self._one_by_one(due, error)

    def _retry(self, due: Due) -> int:
        if self._retry_at is None or self._retry_at > wall_now():
            return 0
        return self._held.retry_due({self.queue: lambda uow, event: _fire(due, uow, event)})

    def _together(self, due: Due) -> int:
        with self._turns.next() as turn, self._database.write() as uow:
            uow.when_taken = turn.taken
            fired = due.fire(uow)
            turn.taken()
            turn.wait()
            return fired

    def _one_by_one(self, due: Due, error: Exception) -> int:
        with self._database.read() as connection:
            keys = due.keys(connection, self._database.clock.now())
        if not keys:
            raise error
        for key in keys:
            with self._database.write() as uow:
                self._try(uow, due, key)
        return len(keys)

    def _try(self, uow: UnitOfWork, due: Due, key: str) -> None:
        timer = Envelope(key, source_of(self._database.service), self._type, key, uow.now, 1, {}, new_trace())
        error = attempt(uow, timer, lambda inner, event: _fire(due, inner, event))
        if error is not None:
            log.error("a timer failed and is held back", type=self._type, timer=key, exc_info=error)
            self._inbox.hold(uow, self.queue, timer, error)


def _fire(due: Due, uow: UnitOfWork, timer: Envelope) -> None:
    due.fire_one(uow, timer.subject)
