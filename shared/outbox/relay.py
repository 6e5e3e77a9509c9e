"""The relay: committed outbox rows go to the broker, in windows, with confirms matched by delivery tag (design 3).

Rows are claimed by state, never by an id cursor (sequences have gaps). On PostgreSQL the claim is a row lock, so
replicas share the work and a dead relay's rows are free at once. A row is marked as sent only after its confirm: a
crash in between sends it again, and the receiver's inbox takes it once.
"""

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, Protocol

import sqlalchemy as sa

from shared.base.among import among
from shared.base.broker import declare_exchanges
from shared.base.clock import wall_now
from shared.base.database import Database
from shared.base.in_order import in_order
from shared.base.link import Link
from shared.base.logs import logger
from shared.events import must_be_heard
from shared.kernel.errors import Unavailable
from shared.outbox.frames import Frames, Parts

log = logger(__name__)

WINDOW, LARGEST = 200, 600
"""Rows of a window, and of the next where many wait: whatever its size, it goes to the database and the broker and back
four times, each time behind all else that the process does."""
ROOM = 1_000_000
"""Characters of the bodies in a large window."""
PIECE = 10
"""Messages in one write: a window is on its way before it is written to the end."""
CONFIRM_SECONDS = 10.0


class NotConfirmed(Unavailable):
    """The broker refused a message or was silent; its rows stay pending."""


@dataclass
class Window:
    """The messages in flight on one channel: which tag is which row, what came back."""

    rows: dict[int, Any] = field(default_factory=dict)
    returned: set[str] = field(default_factory=set)
    confirmed: list[Any] = field(default_factory=list)
    nacked: int = 0

    def settle(self, tag: int, multiple: bool) -> list[Any]:
        """Take the rows that a confirm speaks of out of flight."""
        tags = list(takewhile(lambda each: each <= tag, self.rows)) if multiple else [tag]  # they stand in their order
        return [self.rows.pop(each) for each in tags if each in self.rows]

    def on_ack(self, tag: int, multiple: bool) -> None:
        """The broker has these."""
        self.confirmed.extend(self.settle(tag, multiple))

    def on_nack(self, tag: int, multiple: bool) -> None:
        """The broker could not take these; they stay pending."""
        self.nacked += len(self.settle(tag, multiple))


class Sending(Protocol):
    """Whatever sends a window of rows, and tells what came back."""

    def publish(self, rows: Sequence[Any], /) -> Window:
        """Send these and wait for every confirm; raises NotConfirmed when they do not come."""
        ...


class Publisher:
    """Publishes rows on one channel in confirm mode; after any error throw it away.

    `whole` makes of the body of a row what is sent, in pieces: a service may stage by reference what it can tell again.
    Where it raises LookupError the row stays pending, and the others are sent.
    """

    def __init__(
        self,
        link: Link,
        confirm_seconds: float = CONFIRM_SECONDS,
        whole: Callable[[str], Sequence[bytes]] | None = None,
    ) -> None:
        self._link = link
        self._whole = whole or _as_it_is
        self._confirm_seconds = confirm_seconds
        self._channel = link.channel()
        self._channel.confirm_select()
        self._tag = 0
        self._window = Window()
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._channel.events["basic_return"].add(self._on_return)
        declare_exchanges(self._channel)
        self._frames = Frames(self._channel.channel_id, link.frame_max)

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._window.on_ack(tag, multiple)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._window.on_nack(tag, multiple)

    def _on_return(self, _error: Any, _exchange: str, _key: str, message: Any) -> None:
        self._window.returned.add(message.properties.get("message_id", ""))

    def publish(self, rows: Sequence[Any]) -> Window:
        """Send a window of rows and wait for every confirm; raises NotConfirmed when they do not come."""
        self._window = window = Window()
        for start in range(0, len(rows), PIECE):
            self._send(rows[start : start + PIECE])
        deadline = time.monotonic() + self._confirm_seconds
        while window.rows:
            if time.monotonic() > deadline:
                raise NotConfirmed(f"{len(window.rows)} messages were not confirmed within {self._confirm_seconds:g} s")
            self._link.pump(timeout=0.5)
        return window

    def _send(self, rows: Sequence[Any]) -> None:
        parts: Parts = []
        for row in rows:
            try:
                body = self._whole(row.body)
            except LookupError as error:  # one that nobody can tell any more must not keep the others waiting
                log.error("an event cannot be told, and waits", event_id=row.event_id, error=repr(error))
                continue
            self._tag += 1
            self._window.rows[self._tag] = row
            parts += self._frames.message(row.exchange, row.routing_key, row.event_id, body)
        self._link.write(b"".join(parts))

    def idle(self, seconds: float) -> None:
        """Keep the connection alive while there is nothing to send; finds out when it broke."""
        self._link.pump(timeout=seconds)


@dataclass(frozen=True)
class Outcome:
    """What one turn of the relay did.

    `sent` events were confirmed; `unheard` of them came back because nobody listens, as nobody must; `refused` ones
    stay pending. `last` is the id of the turn's last row, None when there was nothing to send. `more` rows may wait
    when the window was full, and the next may have `most`; what is committed later wakes the relay again.
    """

    sent: int = 0
    unheard: int = 0
    refused: int = 0
    last: int | None = None
    more: bool = False
    most: int = WINDOW


class Relay:
    """Moves one service's outbox to the broker."""

    def __init__(self, database: Database, outbox: sa.Table) -> None:
        self.database = database
        self.outbox = outbox
        self._pending = (
            sa.select(outbox.c.id, outbox.c.event_id, outbox.c.exchange, outbox.c.routing_key, outbox.c.body)
            .where(outbox.c.sent_at.is_(None), outbox.c.id > sa.bindparam("after"))
            .order_by(outbox.c.id)
            .limit(sa.bindparam("most"))
        )
        self._locked = self._pending.with_for_update(skip_locked=True)
        self._sent = outbox.update().where(among(outbox.c.id, "ids")).values(sent_at=sa.bindparam("at"))

    def turn(self, publisher: Sending, after: int = 0, most: int = WINDOW) -> Outcome:
        """Send one window of pending rows, past the row `after`, where a pass stands that met rows nobody took."""
        with self._claimed({"after": after, "most": most}) as (rows, mark):
            if not rows:
                return Outcome()
            window = publisher.publish(rows)
            heard = [row for row in window.confirmed if not _missed(row, window)]
            mark([row.id for row in heard])
        unheard = sum(row.event_id in window.returned for row in heard)
        is_full = len(rows) == most
        return Outcome(
            sent=len(heard),
            unheard=unheard,
            refused=len(rows) - len(heard),
            last=rows[-1].id,
            more=is_full,
            most=_most_next(rows) if is_full else WINDOW,
        )

    @contextlib.contextmanager
    def _claimed(self, where: Mapping[str, int]) -> Any:
        """Pending rows that no other relay has, and what marks them as sent."""
        if self.database.is_sqlite:
            # The only process on this file: no claim is needed, and no write lock is held while the broker works.
            with self.database.read() as connection:
                rows = connection.execute(self._pending, where).all()
            yield rows, self._mark_alone
            return
        with self.database.write() as uow:
            in_order(uow.connection)
            rows = uow.connection.execute(self._locked, where).all()
            yield rows, lambda ids: self._mark(uow.connection, ids)

    def _mark_alone(self, ids: list[int]) -> None:
        # Without waiting for the disk: a mark that the power takes is an event sent again, like one never written.
        with self.database.write(lasting=False) as uow:
            self._mark(uow.connection, ids)

    def _mark(self, connection: sa.Connection, ids: list[int]) -> None:
        if ids:
            connection.execute(self._sent, {"ids": ids, "at": wall_now()})

    def pending(self) -> tuple[int, float]:
        """How many rows wait, and the age of the oldest in seconds."""
        waiting = self.outbox.c.sent_at.is_(None)
        # The oldest is the first: to look for the least instant would read every row that waits.
        oldest_at = sa.select(self.outbox.c.staged_at).where(waiting).order_by(self.outbox.c.id).limit(1)
        query = sa.select(sa.func.count(), oldest_at.scalar_subquery()).select_from(self.outbox).where(waiting)
        with self.database.read() as connection:
            count, oldest = connection.execute(query).one()
        age = (wall_now() - oldest).total_seconds() if oldest else 0.0
        return count, age

    def newest(self) -> int:
        """The number of the last event staged; another one tells that something was said meanwhile."""
        with self.database.read() as connection:
            return connection.execute(sa.select(sa.func.max(self.outbox.c.id))).scalar() or 0


def _most_next(rows: Sequence[Any]) -> int:
    """Many where they are short like these; a few of a thousand facts each fill the memory of a small machine."""
    return max(WINDOW, min(LARGEST, ROOM * len(rows) // sum(len(row.body) for row in rows)))


def _missed(row: Any, window: Window) -> bool:
    """Whether the broker had nobody to give it to although somebody in the suite must hear it."""
    return row.event_id in window.returned and row.exchange.endswith(".events") and must_be_heard(row.routing_key)


def _as_it_is(body: str) -> Sequence[bytes]:
    return (body.encode(),)
