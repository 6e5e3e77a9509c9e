"""Messages: kept once, found by many ways, changed by the set."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.notify.domain.message import Message
from services.notify.domain.outcome import Outcome
from services.notify.domain.states import ENDED, State
from services.notify.storage import tables
from services.notify.storage.chunks import chunks
from shared.base.paging import Place

_message = tables.messages.c
NAMES: Final = [each.name for each in fields(Message)]
COLUMNS: Final = [_message[name] for name in NAMES]
WAITING: Final = _message.state == sa.literal_column("'accepted'")
"""Written out: a parameter would keep SQLite from the partial indexes, and every turn would read every message."""


_ADD: Final = {
    dialect.dialect.name: dialect.insert(tables.messages).on_conflict_do_nothing().returning(_message.message_id)
    for dialect in (sqlite, postgresql)
}
_KNOWN: Final = sa.select(_message.message_id).where(_message.message_id.in_(sa.bindparam("ids", expanding=True)))
_TOLD: Final = (
    sa.select(_message.case_no, _message.channel, _message.address)
    .where(_message.case_no.in_(sa.bindparam("cases", expanding=True)))
    .distinct()
)
_REVISE: Final = (
    tables.messages.update()
    .where(_message.message_id == sa.bindparam("its_id"), WAITING, _message.attempts == 0)
    .where(_message.due_at > sa.bindparam("its_due_at"))
    .values({name: sa.bindparam(f"its_{name}") for name in ("subject", "text", "due_at")})
)
_DROP: Final = (
    tables.messages.update()
    .where(_message.key == sa.bindparam("its_key"), WAITING, _message.due_at > sa.bindparam("now"))
    .values(state=State.EXPIRED.value, reason=sa.bindparam("why"), ended_at=sa.bindparam("now"), retry_at=None)
    .values(over_at=sa.bindparam("wall"))
    .returning(*COLUMNS)
)
_DROP_ADDRESSED: Final = (
    tables.messages.update()
    .where(_message.address == sa.bindparam("its_address"), WAITING)
    .values(state=State.EXPIRED.value, reason=sa.bindparam("why"), ended_at=sa.bindparam("now"), retry_at=None)
    .values(over_at=sa.bindparam("wall"))
    .returning(*COLUMNS)
)
_CARRIED: Final = (
    sa.select(*COLUMNS)
    .where(_message.attempt_id.in_(sa.bindparam("attempts", expanding=True)))
    .order_by(_message.id)
    .with_for_update()
)
_NEXT: Final = (
    tables.messages.update()
    .where(_message.id.in_(sa.bindparam("ids", expanding=True)))
    .values({name: sa.bindparam(f"its_{name}") for name in ("state", "reason", "retry_at", "ended_at", "over_at")})
)
_GONE: Final = _NEXT.values(
    sent_at=sa.func.coalesce(_message.sent_at, sa.bindparam("now", type_=_message.sent_at.type))
)
_EXPIRING: Final = (
    sa.select(_message.id)
    .where(WAITING, _message.expires_at <= sa.bindparam("now"))
    .order_by(_message.expires_at)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
)
_EXPIRE: Final = (
    tables.messages.update()
    .where(_message.id.in_(_EXPIRING))
    .values(
        state=State.EXPIRED.value,
        reason=sa.func.coalesce(_message.reason, "its time was over before it could be sent"),
        ended_at=sa.bindparam("now"),
        over_at=sa.bindparam("wall"),
        retry_at=None,
    )
    .returning(*COLUMNS)
)


def read(row: Sequence[Any]) -> Message:
    """A message from the values of COLUMNS."""
    values = dict(zip(NAMES, row, strict=True))
    return Message(**{**values, "state": State(values["state"])})


def add(connection: sa.Connection, messages: Iterable[Message]) -> set[str]:
    """Keep new messages; the ids of those that were not there before."""
    rows = [_values(each) for each in messages]
    return set(connection.scalars(_ADD[connection.dialect.name], rows)) if rows else set()


def _values(message: Message) -> dict[str, Any]:
    values = {name: getattr(message, name) for name in NAMES if name not in ("id", "attempt_id")}
    return {**values, "state": message.state.value, "fallbacks": [dict(each) for each in message.fallbacks]}


def known(connection: sa.Connection, ids: Iterable[str]) -> set[str]:
    """Which of these messages are kept."""
    found: set[str] = set()
    for some in chunks(ids):
        found |= set(connection.scalars(_KNOWN, {"ids": some}))
    return found


def told_of(connection: sa.Connection, cases: Iterable[str]) -> set[tuple[str, str, str]]:
    """Of which of these cases which address was told on which channel: (case, channel, address)."""
    found: set[tuple[str, str, str]] = set()
    for some in chunks(cases):
        rows = connection.execute(_TOLD, {"cases": some})
        found |= {(case_no, channel, address) for case_no, channel, address in rows}
    return found


def revise(connection: sa.Connection, message: Message) -> bool:
    """Say something else, or sooner, in a message that waits and was never tried; whether there was one."""
    values = {
        "its_id": message.message_id,
        "its_due_at": message.due_at,
        "its_subject": message.subject,
        "its_text": message.text,
    }
    return bool(connection.execute(_REVISE, values).rowcount)


def drop(connection: sa.Connection, key: str, reason: str, now: datetime, wall: datetime) -> list[Message]:
    """Let the messages of a key expire that wait for their time; those that did."""
    rows = connection.execute(_DROP, {"its_key": key, "why": reason, "now": now, "wall": wall})
    return [read(row) for row in rows]


def drop_addressed(
    connection: sa.Connection, address: str, reason: str, now: datetime, wall: datetime
) -> list[Message]:
    """Let the messages to an address expire that wait; those that did."""
    rows = connection.execute(_DROP_ADDRESSED, {"its_address": address, "why": reason, "now": now, "wall": wall})
    return [read(row) for row in rows]


def expire(connection: sa.Connection, now: datetime, wall: datetime, limit: int) -> list[Message]:
    """The messages whose time is over before they could be sent."""
    return [read(row) for row in connection.execute(_EXPIRE, {"now": now, "wall": wall, "most": limit})]


def of_attempts(connection: sa.Connection, attempt_ids: Sequence[int]) -> list[Message]:
    """The messages that these attempts carry, locked."""
    return [read(row) for row in connection.execute(_CARRIED, {"attempts": list(attempt_ids)})]


def change(connection: sa.Connection, outcomes: Mapping[Outcome, Sequence[int]], now: datetime, wall: datetime) -> None:
    """Bring messages into their next states, all with one outcome in one statement."""
    for outcome, ids in outcomes.items():
        values: dict[str, Any] = {
            "its_state": outcome.state.value,
            "its_reason": outcome.reason,
            "its_retry_at": None if outcome.wait is None else wall + outcome.wait,
            "its_ended_at": now if outcome.state in ENDED else None,
            "its_over_at": None if outcome.state is State.ACCEPTED else wall,
        }
        gone = outcome.state in (State.SENT, State.DELIVERED)
        for some in chunks(ids):
            if gone:
                connection.execute(_GONE, {**values, "now": now, "ids": some})
            else:
                connection.execute(_NEXT, {**values, "ids": some})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which messages: those whose columns have these values, at most `limit`, behind the place `after`."""

    equal: Mapping[str, Any]
    limit: int
    after: Place | None = None
    newest: bool = False
    """Newest first instead of oldest first."""


def find(connection: sa.Connection, wanted: Wanted) -> list[tuple[Message, str | None]]:
    """Messages with the name of their last provider, in the order in which they were kept."""
    query = (
        sa.select(*COLUMNS, tables.attempts.c.provider)
        .join_from(tables.messages, tables.attempts, isouter=True)
        .where(*(_message[name] == value for name, value in wanted.equal.items()))
        .order_by(_message.id.desc() if wanted.newest else _message.id)
        .limit(wanted.limit)
    )
    if wanted.after is not None:
        key = wanted.after[1]
        query = query.where(_message.id < key if wanted.newest else _message.id > key)
    return [(read(row[:-1]), row[-1]) for row in connection.execute(query)]


def counts(connection: sa.Connection) -> dict[tuple[str, str], int]:
    """How many messages there are by channel and state."""
    query = sa.select(_message.channel, _message.state, sa.func.count()).group_by(_message.channel, _message.state)
    return {(channel, state): count for channel, state, count in connection.execute(query)}
