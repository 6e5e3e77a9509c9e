"""Receipts: kept raw, joined to their attempts by reference, also when they come before the answer (design 6)."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.notify.domain.message import Message
from services.notify.domain.states import State
from services.notify.storage import tables
from services.notify.storage.messages import COLUMNS, read

_receipt, _attempt = tables.receipts.c, tables.attempts.c
_OTHER = "other"


def keep(connection: sa.Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Keep receipts as they came."""
    values = list(rows)
    if values:
        connection.execute(tables.receipts.insert(), values)


def waiting_for(
    connection: sa.Connection, references: Collection[str], attempt_ids: Collection[int]
) -> list[tuple[int, Message, State, str | None]]:
    """Receipts not joined yet, by their own references or for these attempts, each with a message that it is about."""
    query = (
        sa.select(_receipt.id, _receipt.state, _receipt.reason, *COLUMNS)
        .select_from(tables.receipts)
        .join(
            tables.attempts,
            (_attempt.reference == _receipt.reference) | (_attempt.provider_reference == _receipt.reference),
        )
        .join(tables.messages, tables.messages.c.attempt_id == _attempt.id)
        .where(_receipt.joined_at.is_(None))
        .where(_receipt.reference.in_(references) | _attempt.id.in_(attempt_ids))
        .order_by(_receipt.id)
    )
    return [(row[0], read(row[3:]), State(row[1]), row[2]) for row in connection.execute(query) if row[1] != _OTHER]


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
