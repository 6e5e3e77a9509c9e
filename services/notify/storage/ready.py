"""What may be sent now: found by channel, urgent first; replicas share it, none waits for another."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.notify.domain.message import Message
from services.notify.domain.states import State
from services.notify.storage import tables
from services.notify.storage.messages import COLUMNS, WAITING, read

_message = tables.messages.c


def earliest(connection: sa.Connection, channels: Collection[str]) -> datetime | None:
    """The suite's instant at which something is to be sent on one of these channels, or expires.

    What waits for a retry is left out: that is on real time.
    """
    found = [_first_due(connection, channel, urgent) for channel in channels for urgent in (True, False)]
    found.append(connection.scalar(_FIRST_END))
    return min((each for each in found if each is not None), default=None)


def _first_due(connection: sa.Connection, channel: str, urgent: bool) -> datetime | None:
    due: datetime | None = connection.scalar(_FIRST_DUE, {"on": channel, "is_urgent": urgent})
    return due


def retries_due(connection: sa.Connection, channels: Collection[str], wall: datetime) -> bool:
    """Whether a message may be tried again now on one of these channels."""
    query = sa.select(_message.id).where(WAITING, _message.channel.in_(channels), _message.retry_at <= wall).limit(1)
    return connection.scalar(query) is not None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: messages of a channel that may go at these instants of the suite and of the machine."""

    channel: str
    now: datetime
    wall: datetime
    limit: int

    def within(self, query: sa.Select[Any], *, urgent: bool, bundle: bool) -> sa.Select[Any]:
        """The query, for these messages only."""
        return (
            query.where(WAITING, _message.channel == self.channel, _message.urgent == urgent)
            .where(_message.due_at <= self.now, _message.expires_at > self.now, _message.bundle == bundle)
            .where(_message.retry_at.is_(None) | (_message.retry_at <= self.wall))
        )


def lock_alone(connection: sa.Connection, wanted: Wanted) -> list[Message]:
    """Messages that go each on its own, urgent first, then by their time."""
    found: list[Message] = []
    for urgent in (True, False):
        query = wanted.within(sa.select(*COLUMNS), urgent=urgent, bundle=False)
        query = query.order_by(_message.due_at, _message.id).limit(wanted.limit).with_for_update(skip_locked=True)
        found += [read(row) for row in connection.execute(query)]
    return found[: wanted.limit]


def lock_bundles(connection: sa.Connection, wanted: Wanted, most: int) -> list[list[Message]]:
    """Messages that go together, by address: for each as many as a bundle may have, so that a flood stays few."""
    addresses = wanted.within(sa.select(_message.address), urgent=False, bundle=True)
    addresses = addresses.group_by(_message.address).order_by(sa.func.min(_message.due_at)).limit(wanted.limit)
    found = [_lock_bundle(connection, wanted, address, most) for address in connection.scalars(addresses).all()]
    return [bundle for bundle in found if bundle]


def _lock_bundle(connection: sa.Connection, wanted: Wanted, address: str, most: int) -> list[Message]:
    query = wanted.within(sa.select(*COLUMNS), urgent=False, bundle=True).where(_message.address == address)
    query = query.order_by(_message.due_at, _message.id).limit(most).with_for_update(skip_locked=True)
    return [read(row) for row in connection.execute(query)]


def begin(connection: sa.Connection, attempt: dict[str, Any], message_ids: Sequence[int]) -> int:
    """Note an attempt and that these messages go with it; the attempt's id."""
    attempt_id: int = connection.execute(tables.attempts.insert().returning(tables.attempts.c.id), attempt).scalar_one()
    connection.execute(
        tables.messages.update()
        .where(_message.id.in_(message_ids))
        .values(
            state=State.SENDING.value, attempt_id=attempt_id, attempts=_message.attempts + 1, retry_at=None, reason=None
        )
    )
    return attempt_id
