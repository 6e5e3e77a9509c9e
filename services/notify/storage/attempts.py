"""Attempts: committed before the call, ended after it; what a crash left open shows no sign of life any more.

`lease_until` is a mark: each renewal writes another one. Nobody compares it with a clock, for that of its writer may
go wrong (handlers/watching.py); it says to people until when the writer meant to be heard of again.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from services.notify.storage import tables

LEASE: Final = timedelta(seconds=5)
"""What a mark is ahead of its writer's clock."""
_attempt = tables.attempts.c
_OPEN: Final = _attempt.ended_at.is_(None)
_RENEW: Final = (
    tables.attempts.update()
    .where(_attempt.id.in_(sa.bindparam("ids", expanding=True)), _OPEN)
    .values(lease_until=sa.bindparam("until"))
)
_MARKS: Final = sa.select(_attempt.id, _attempt.lease_until).where(_OPEN)
_ORPHANS: Final = (
    sa.select(_attempt.id, _attempt.reference, _attempt.channel, _attempt.lease_until)
    .where(_OPEN, _attempt.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(_attempt.id)
    .with_for_update(skip_locked=True)
)
_END: Final = (
    tables.attempts.update()
    .where(_attempt.id == sa.bindparam("its_id"))
    .values(
        outcome=sa.bindparam("its_outcome"),
        reason=sa.bindparam("why"),
        provider_reference=sa.bindparam("theirs"),
        ended_at=sa.bindparam("at"),
        lease_until=None,
    )
)


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt ended."""

    attempt_id: int
    outcome: str
    reason: str | None
    provider_reference: str | None


def renew(connection: sa.Connection, ids: Collection[int], wall: datetime) -> None:
    """Say that these attempts are still under way."""
    if ids:
        connection.execute(_RENEW, {"ids": list(ids), "until": wall + LEASE})


def marks(connection: sa.Connection) -> dict[int, datetime]:
    """Every open attempt with its mark."""
    return {attempt_id: mark for attempt_id, mark in connection.execute(_MARKS)}


def adopt(
    connection: sa.Connection, silent: Mapping[int, datetime], wall: datetime, limit: int
) -> list[tuple[int, str, str]]:
    """Take over attempts that still have the marks with which they were given up: id, reference, channel."""
    rows = connection.execute(_ORPHANS, {"ids": sorted(silent)[:limit]})
    found = [(row.id, row.reference, row.channel) for row in rows if row.lease_until == silent[row.id]]
    renew(connection, [attempt_id for attempt_id, _, _ in found], wall)
    return found


def end(connection: sa.Connection, ended: Iterable[Ended], wall: datetime) -> None:
    """Note how attempts ended; what an earlier look said of one is replaced by what is known now."""
    rows: list[dict[str, Any]] = [
        {
            "its_id": each.attempt_id,
            "its_outcome": each.outcome,
            "why": each.reason,
            "theirs": each.provider_reference,
            "at": wall,
        }
        for each in ended
    ]
    if rows:
        connection.execute(_END, rows)
