"""Receipts: kept raw, joined to their attempts by reference, also when they come before the answer (design 6)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.notify.domain.message import Message
from services.notify.domain.states import State
from services.notify.storage import tables
from services.notify.storage.chunks import chunks
from services.notify.storage.messages import COLUMNS, read

_receipt, _attempt, _message = tables.receipts.c, tables.attempts.c, tables.messages.c
_earlier = tables.earlier_tries
_OTHER = "other"
_NOT_JOINED: Final = (
    sa.select(_receipt.id, _receipt.reference, _receipt.state, _receipt.reason)
    .where(_receipt.joined_at.is_(None), _receipt.reference.in_(sa.bindparam("references", expanding=True)))
    .order_by(_receipt.id)
)


def _carried(column: sa.Column[Any]) -> tuple[sa.Select[Any], sa.Select[Any]]:
    """Messages by the references of their last attempts, and of those before."""
    last = sa.select(column, _attempt.id, _message.id.label("message_id"))
    before = sa.select(column, _attempt.id, _earlier.c.message_id)
    wanted = column.in_(sa.bindparam("references", expanding=True))
    return (
        last.join_from(tables.attempts, tables.messages).where(wanted),
        before.join_from(tables.attempts, _earlier).where(wanted),
    )


_CARRIED: Final = sa.union_all(*_carried(_attempt.reference), *_carried(_attempt.provider_reference))
_LOCK: Final = (
    sa.select(*COLUMNS)
    .where(_message.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(_message.id)
    .with_for_update()
)


def keep(connection: sa.Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Keep receipts as they came."""
    values = list(rows)
    if values:
        connection.execute(tables.receipts.insert(), values)


@dataclass(frozen=True, slots=True)
class Found:
    """A receipt that is not joined yet, and a message that it is about; no state: it says nothing of it any more."""

    receipt_id: int
    message: Message
    state: State | None
    reason: str | None


def waiting_for(connection: sa.Connection, references: Iterable[str]) -> list[Found]:
    """Receipts not joined yet, by these references, each with the messages that it is about."""
    return [each for some in chunks(set(references)) for each in _not_joined(connection, some)]


def _not_joined(connection: sa.Connection, references: list[str]) -> list[Found]:
    rows = [row for row in connection.execute(_NOT_JOINED, {"references": references}) if row.state != _OTHER]
    if not rows:
        return []
    carried = _messages_of(connection, {row.reference for row in rows})
    return [
        Found(row.id, message, _counts(State(row.state), is_last), row.reason)
        for row in rows
        for message, is_last in carried[row.reference]
    ]


def _counts(state: State, is_last: bool) -> State | None:
    """Whoever has it needs no second one; that an earlier try failed tells nothing of the one that followed it."""
    return state if is_last or state is State.DELIVERED else None


def _messages_of(connection: sa.Connection, references: Collection[str]) -> dict[str, list[tuple[Message, bool]]]:
    """The messages that went under these references, ours or theirs, and whether that was their last try.

    Locked in one order: two receipts may come at once.
    """
    rows = connection.execute(_CARRIED, {"references": list(references)}).all()
    ids = sorted({row.message_id for row in rows})
    locked = {each.id: each for some in chunks(ids) for each in map(read, connection.execute(_LOCK, {"ids": some}))}
    found: defaultdict[str, list[tuple[Message, bool]]] = defaultdict(list)
    for reference, attempt_id, message_id in rows:
        message = locked[message_id]
        found[reference].append((message, message.attempt_id == attempt_id))
    return found


def joined(connection: sa.Connection, ids: Collection[int], wall: datetime) -> None:
    """Note that these receipts had their effect."""
    if ids:
        connection.execute(tables.receipts.update().where(_receipt.id.in_(ids)).values(joined_at=wall))


def by_message(found: Iterable[Found]) -> dict[str, tuple[Message, dict[State, str | None]]]:
    """What was received for each message."""
    messages: dict[str, Message] = {}
    received: defaultdict[str, dict[State, str | None]] = defaultdict(dict)
    for each in found:
        messages[each.message.message_id] = each.message
        if each.state is not None:
            received[each.message.message_id][each.state] = each.reason
    return {each: (messages[each], received[each]) for each in messages}
