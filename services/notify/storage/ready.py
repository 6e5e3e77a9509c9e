"""What may be sent now: found by channel, urgent first; replicas share it, none waits for another.

The statements are made once: they are asked after every turn, and to make one costs more than to ask it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.notify.domain.message import Message
from services.notify.domain.states import State
from services.notify.domain.vocabulary import SENT_CHANNELS
from services.notify.storage import tables
from services.notify.storage.messages import COLUMNS, WAITING, read
from shared.base.in_order import in_order

_message, _attempt = tables.messages.c, tables.attempts.c


def _first(instant: sa.Column[Any], *where: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    """The first of these instants, as an order and not as a minimum: see `in_order`."""
    return sa.select(instant).where(*where).order_by(instant).limit(1).scalar_subquery()


def _first_due(channel: str, urgent: bool) -> sa.ScalarSelect[Any]:
    of_kind = _message.channel == channel, _message.urgent == sa.literal(urgent)
    return _first(_message.due_at, WAITING, *of_kind, _message.retry_at.is_(None))


def _first_again(channel: str) -> sa.ScalarSelect[Any]:
    return _first(_message.retry_at, WAITING, _message.channel == channel, _message.retry_at.is_not(None))


_KINDS: Final = [(channel, urgent) for channel in SENT_CHANNELS for urgent in (True, False)]
_LOOK: Final = sa.select(
    _first(_message.expires_at, WAITING),
    _first(_attempt.lease_until, _attempt.ended_at.is_(None)),
    *(_first_again(channel) for channel in SENT_CHANNELS),
    *(_first_due(channel, urgent) for channel, urgent in _KINDS),
)
"""One statement for all: a turn asks it, and a statement costs more than what it finds by an index."""


_BEGIN: Final = tables.attempts.insert().returning(_attempt.id, _attempt.reference)
_GOES: Final = (
    tables.messages.update()
    .where(_message.id == sa.bindparam("its_id"))
    .values(
        state=State.SENDING.value,
        attempt_id=sa.bindparam("attempt"),
        attempts=_message.attempts + 1,
        retry_at=None,
        reason=None,
    )
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


@dataclass(frozen=True, slots=True)
class Look:
    """The first instants at which something is to be done; `again` is by the machine's clock."""

    end: datetime | None
    """When the first message expires that waits."""
    is_open: bool
    """Whether any attempt is open, ours or another's."""
    again: Mapping[str, datetime | None]
    due: Mapping[tuple[str, bool], datetime | None]
    """By channel and urgency; what waits for a retry is left out: that is on real time."""

    def earliest(self, channels: Collection[str]) -> datetime | None:
        """The suite's instant at which something is to be sent on one of these channels, or expires."""
        found = [at for (channel, _), at in self.due.items() if channel in channels]
        return min((at for at in (self.end, *found) if at is not None), default=None)

    def retries_due(self, channels: Collection[str], wall: datetime) -> bool:
        """Whether a message may be tried again now on one of these channels."""
        return any(is_over(self.again[channel], wall) for channel in channels)

    def kinds(self, channel: str, now: datetime, wall: datetime) -> list[bool]:
        """The urgencies of which a message may go now."""
        again = is_over(self.again[channel], wall)
        return [urgent for urgent in (True, False) if again or is_over(self.due[channel, urgent], now)]


def is_over(instant: datetime | None, now: datetime) -> bool:
    """Whether there is such an instant and it has come."""
    return instant is not None and instant <= now


def look(connection: sa.Connection) -> Look:
    """What is to be done next; what the transaction asks after it in an order is read off an index, too."""
    in_order(connection)
    end, mark, *rest = connection.execute(_LOOK).one()
    again, due = rest[: len(SENT_CHANNELS)], rest[len(SENT_CHANNELS) :]
    return Look(
        end, mark is not None, dict(zip(SENT_CHANNELS, again, strict=True)), dict(zip(_KINDS, due, strict=True))
    )


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


def lock_alone(connection: sa.Connection, wanted: Wanted, kinds: Iterable[bool]) -> list[Message]:
    """Messages of these urgencies that go each on its own, each kind by its time."""
    found: list[Message] = []
    for urgent in kinds:
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


def begin(
    connection: sa.Connection, loads: Mapping[str, Sequence[Message]], common: Mapping[str, Any]
) -> dict[str, int]:
    """Note an attempt for each reference, and which messages go with it; each reference's attempt id."""
    rows = [{"reference": reference, **common} for reference in loads]
    ids = {reference: attempt_id for attempt_id, reference in connection.execute(_BEGIN, rows)}
    _keep_earlier(connection, [each for load in loads.values() for each in load])
    going = [{"its_id": each.id, "attempt": ids[reference]} for reference, load in loads.items() for each in load]
    connection.execute(_GOES, going)
    return ids


def _keep_earlier(connection: sa.Connection, going: Iterable[Message]) -> None:
    """A receipt may still come for the attempt with which a message went before."""
    rows = [{"attempt_id": each.attempt_id, "message_id": each.id} for each in going if each.attempt_id is not None]
    if rows:
        connection.execute(tables.earlier_tries.insert(), rows)
