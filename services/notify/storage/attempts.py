"""Attempts: committed before the call, ended after it; what a crash left open is found by its lease."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from services.notify.storage import tables

LEASE: Final = timedelta(seconds=5)
"""Real time for which an attempt is its process's own; renewed while the call lasts."""
_attempt = tables.attempts.c
_OPEN: Final = _attempt.ended_at.is_(None)
_RENEW: Final = (
    tables.attempts.update()
    .where(_attempt.id.in_(sa.bindparam("ids", expanding=True)), _OPEN)
    .values(lease_until=sa.bindparam("until"))
)
_ORPHANS: Final = (
    sa.select(_attempt.id, _attempt.reference, _attempt.channel)
    .where(_OPEN, _attempt.lease_until < sa.bindparam("wall"))
    .where(_attempt.id.not_in(sa.bindparam("ours", expanding=True)))
    .order_by(_attempt.id)
    .limit(sa.bindparam("most"))
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


def adopt(connection: sa.Connection, ours: Collection[int], wall: datetime, limit: int) -> list[tuple[int, str, str]]:
    """Take over attempts that were left open: id, reference, channel."""
    rows = connection.execute(_ORPHANS, {"wall": wall, "ours": list(ours), "most": limit})
    found = [(row.id, row.reference, row.channel) for row in rows]
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
