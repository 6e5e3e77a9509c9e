"""The inbox: a delivered batch becomes one transaction, each message has its effect once (design 3).

The whole batch is tried in one go; only when a message fails is it done again with a savepoint each, so that the
failing ones go their own way and the others commit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite

from shared.base.clock import wall_now
from shared.base.database import Database, UnitOfWork
from shared.base.engines import DatabaseAway, StatementTooSlow, is_away, is_too_slow
from shared.base.logs import mask_text
from shared.base.traces import going_on
from shared.events import Envelope
from shared.kernel.errors import Refused, Rejected, Undecodable
from shared.outbox.forgotten import Forgotten
from shared.outbox.tables import PARKED, WAITING, MessagingTables

Handler = Callable[[UnitOfWork, Envelope], None]

BACKOFF_SECONDS = (0.2, 1, 5, 30, 120, 600, 3600)
"""Waits between the tries of a message; after the last one it is parked."""
LONGEST_REASON = 2000


def held_signal(queue: str) -> str:
    """What wakes whoever tries this queue's held messages again: there is a new one, or one to be tried at once."""
    return f"held {queue}"


@dataclass(frozen=True)
class Failure:
    """Why a message could not be handled, and when to try again; no time means park it."""

    reason: str
    next_try_at: datetime | None


def judge(error: Exception, attempts: int, now: datetime) -> Failure:
    """What must happen to a message that failed for the `attempts`-th time.

    Rejected and refusals can never succeed. Whatever else may: it is tried again until the waits are used up.
    """
    reason = _reason(error)
    if isinstance(error, Rejected | Refused | Undecodable):
        return Failure(reason, None)
    if attempts > len(BACKOFF_SECONDS):
        return Failure(f"{reason} (tried {attempts} times)", None)
    return Failure(reason, now + timedelta(seconds=BACKOFF_SECONDS[attempts - 1]))


def _reason(error: Exception) -> str:
    """The error in words that every database can keep and every operator may see."""
    said = mask_text(f"{type(error).__name__}: {error}").replace("\x00", "")
    return said.encode(errors="backslashreplace").decode()[:LONGEST_REASON]


class Inbox:
    """Takes delivered events into one service's database; without the data of those whom it has forgotten."""

    def __init__(self, database: Database, tables: MessagingTables, forgotten: Forgotten | None = None) -> None:
        self.database = database
        self.tables = tables
        self.forgotten = forgotten
        dialect = sqlite if database.is_sqlite else postgresql
        self._claim = dialect.insert(tables.inbox).on_conflict_do_nothing().returning(tables.inbox.c.event_id)
        self._keep = dialect.insert(tables.held).on_conflict_do_nothing()

    def apply(self, queue: str, batch: Sequence[Envelope], handler: Handler) -> int:
        """Handle every message of the batch that is new, and commit; how many were new.

        Raises DatabaseAway when the database does not answer: nothing was done, deliver again.
        """
        try:
            return self._apply_together(queue, batch, handler)
        except StatementTooSlow:
            return self._apply_one_by_one(queue, batch, handler)
        except DatabaseAway:
            raise
        except Exception:  # noqa: BLE001 - nothing was committed; the second way finds out whose fault it was
            return self._apply_one_by_one(queue, batch, handler)

    def _apply_together(self, queue: str, batch: Sequence[Envelope], handler: Handler) -> int:
        with self.database.write() as uow:
            fresh = self._fresh(uow, queue, batch)
            for envelope in fresh:
                _handle(uow, envelope, handler)
            return len(fresh)

    def _apply_one_by_one(self, queue: str, batch: Sequence[Envelope], handler: Handler) -> int:
        with self.database.write() as uow:
            fresh = self._fresh(uow, queue, batch)
            for envelope in fresh:
                error = attempt(uow, envelope, handler)
                if error is not None:
                    self.hold(uow, queue, envelope, error)
            return len(fresh)

    def _fresh(self, uow: UnitOfWork, queue: str, batch: Sequence[Envelope]) -> list[Envelope]:
        """The messages that were not taken before, each once; they are marked as taken.

        They come in the order of their subjects: two replicas that lock the same subjects never wait in a circle.
        """
        by_id = {envelope.id: envelope for envelope in batch}
        now = wall_now()
        rows = [{"queue": queue, "event_id": event_id, "taken_at": now} for event_id in by_id]
        taken = set(uow.connection.scalars(self._claim, rows)) if rows else set()
        fresh = [envelope for event_id, envelope in by_id.items() if event_id in taken]
        if self.forgotten and fresh:
            fresh = self.forgotten.stripped(uow, fresh)
        return sorted(fresh, key=lambda envelope: envelope.subject)

    def hold(self, uow: UnitOfWork, queue: str, envelope: Envelope, error: Exception) -> None:
        """Keep back a message that failed for the first time."""
        now = wall_now()
        failure = judge(error, 1, now)
        row = {
            "queue": queue,
            "event_id": envelope.id,
            "type": envelope.type,
            "body": envelope.to_bytes().decode(),
            "state": WAITING if failure.next_try_at else PARKED,
            "reason": failure.reason,
            "attempts": 1,
            "held_at": now,
            "next_try_at": failure.next_try_at,
        }
        uow.connection.execute(self._keep, row)
        uow.signal(held_signal(queue))


def attempt(uow: UnitOfWork, envelope: Envelope, handler: Handler) -> Exception | None:
    """Handle one message behind a savepoint, with all that it stages; the error that undid it, or None.

    Only a database that went away passes through: that is not the message's fault. A statement that was given up for
    its time is: one heavy message must not stop the others for ever.
    """
    try:
        with uow.savepoint(), going_on(envelope.traceparent):
            handler(uow, envelope)
            uow.flush()
    except Exception as error:
        if (isinstance(error, DatabaseAway) or is_away(error)) and not is_too_slow(error):
            raise
        return error
    return None


def _handle(uow: UnitOfWork, envelope: Envelope, handler: Handler) -> None:
    with going_on(envelope.traceparent):
        handler(uow, envelope)
