"""Receipts: kept raw, joined to their attempts by reference, also when they come before the answer (design 6)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.notify.domain.message import Message
from services.notify.domain.states import State
from services.notify.storage import tables
from services.notify.storage.chunks import chunks
from services.notify.storage.messages import COLUMNS, read

_receipt, _attempt = tables.receipts.c, tables.attempts.c
_OTHER = "other"
_NOT_JOINED: Final = (
    sa.select(_receipt.id, _receipt.reference, _receipt.state, _receipt.reason)
    .where(_receipt.joined_at.is_(None), _receipt.reference.in_(sa.bindparam("references", expanding=True)))
    .order_by(_receipt.id)
)


def keep(connection: sa.Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Keep receipts as they came."""
    values = list(rows)
    if values:
        connection.execute(tables.receipts.insert(), values)


def waiting_for(connection: sa.Connection, references: Iterable[str]) -> list[tuple[int, Message, State, str | None]]:
    """Receipts not joined yet, by these references, each with the messages that it is about."""
    return [each for some in chunks(set(references)) for each in _not_joined(connection, some)]


def _not_joined(connection: sa.Connection, references: list[str]) -> list[tuple[int, Message, State, str | None]]:
    rows = connection.execute(_NOT_JOINED, {"references": references}).all()
    if not rows:
        return []
    carried = _messages_of(connection, {row.reference for row in rows})
    return [
        (row.id, message, State(row.state), row.reason)
        for row in rows
        if row.state != _OTHER
        for message in carried[row.reference]
    ]


def _messages_of(connection: sa.Connection, references: Collection[str]) -> dict[str, list[Message]]:
    """The messages that went under these references, ours or theirs; locked: two receipts may come at once."""
    found: defaultdict[str, list[Message]] = defaultdict(list)
    for column in (_attempt.reference, _attempt.provider_reference):
        query = sa.select(column, *COLUMNS).join_from(tables.attempts, tables.messages).where(column.in_(references))
        query = query.order_by(tables.messages.c.id).with_for_update(of=[tables.messages])
        for row in connection.execute(query):
            found[row[0]].append(read(row[1:]))
    return found


def joined(connection: sa.Connection, ids: Collection[int], wall: datetime) -> None:
    """Note that these receipts had their effect."""
    if ids:
        connection.execute(tables.receipts.update().where(_receipt.id.in_(ids)).values(joined_at=wall))


def by_message(
    found: Iterable[tuple[int, Message, State, str | None]],
) -> dict[str, tuple[Message, dict[State, str | None]]]:
    """What was received for each message."""
    messages: dict[str, Message] = {}
    received: defaultdict[str, dict[State, str | None]] = defaultdict(dict)
    for _, message, state, reason in found:
        messages[message.message_id] = message
        received[message.message_id][state] = reason
    return {each: (messages[each], received[each]) for each in messages}
