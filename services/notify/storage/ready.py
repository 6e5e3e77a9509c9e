"""What may be sent now: found by channel, urgent first; replicas share it, none waits for another.

The statements are made once: they are asked after every turn, and to make one costs more than to ask it.
"""

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

_FIRST_END: Final = sa.select(sa.func.min(_message.expires_at)).where(WAITING)
_FIRST_DUE: Final = (
    sa.select(_message.due_at)
    .where(WAITING, _message.channel == sa.bindparam("on"), _message.urgent == sa.bindparam("is_urgent"))
    .where(_message.retry_at.is_(None))
    .order_by(_message.due_at)
    .limit(1)
)
_RETRY_DUE: Final = (
    sa.select(_message.id)
    .where(WAITING, _message.retry_at.is_not(None), _message.retry_at <= sa.bindparam("wall"))
    .where(_message.channel.in_(sa.bindparam("on", expanding=True)))
    .limit(1)
)


def _ready(query: sa.Select[Any], *, bundle: bool) -> sa.Select[Any]:
    """The query, for messages that may go now."""
    return (
        query.where(WAITING, _message.channel == sa.bindparam("on"), _message.urgent == sa.bindparam("is_urgent"))
        .where(_message.due_at <= sa.bindparam("now"), _message.expires_at > sa.bindparam("now"))
        .where(_message.retry_at.is_(None) | (_message.retry_at <= sa.bindparam("wall")), _message.bundle == bundle)
        .limit(sa.bindparam("most"))
    )


def _locked(query: sa.Select[Any]) -> sa.Select[Any]:
    return query.order_by(_message.due_at, _message.id).with_for_update(skip_locked=True)


_ALONE: Final = _locked(_ready(sa.select(*COLUMNS), bundle=False))
_BUNDLE: Final = _locked(_ready(sa.select(*COLUMNS), bundle=True).where(_message.address == sa.bindparam("to")))
_ADDRESSES: Final = (
    _ready(sa.select(_message.address), bundle=True)
    .group_by(_message.address)
    .order_by(sa.func.min(_message.due_at), _message.address)
)


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
    return connection.scalar(_RETRY_DUE, {"on": list(channels), "wall": wall}) is not None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: messages of a channel that may go at these instants of the suite and of the machine."""

    channel: str
    now: datetime
    wall: datetime
    limit: int

    def values(self, **more: Any) -> dict[str, Any]:
        """The statements' parameters."""
        common = {"on": self.channel, "now": self.now, "wall": self.wall, "most": self.limit, "is_urgent": False}
        return common | more


def lock_alone(connection: sa.Connection, wanted: Wanted) -> list[Message]:
    """Messages that go each on its own, urgent first, then by their time."""
    found: list[Message] = []
    for urgent in (True, False):
        rows: Any = connection.execute(_ALONE, wanted.values(is_urgent=urgent))
        found += [read(row) for row in rows]
    return found[: wanted.limit]


def lock_bundles(connection: sa.Connection, wanted: Wanted, most: int) -> list[list[Message]]:
    """Messages that go together, by address: for each as many as a bundle may have, so that a flood stays few."""
    addresses = connection.scalars(_ADDRESSES, wanted.values()).all()
    found: list[list[Message]] = []
    for address in addresses:
        rows: Any = connection.execute(_BUNDLE, wanted.values(to=address, most=most))
        found.append([read(row) for row in rows])
    return [bundle for bundle in found if bundle]


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
