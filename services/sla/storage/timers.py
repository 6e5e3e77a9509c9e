"""Timers: rows with the absolute instant at which a mark of a clock is reached (design 5)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.sla.domain.clock import State
from services.sla.domain.marks import BREACH, Mark
from services.sla.domain.record import Record
from services.sla.domain.told import Case
from services.sla.storage import cases, clocks, ledger, tables
from services.sla.storage.tables import FIRED, SET

SCALE = 1000
"""Marks are kept in thousandths of the limit."""

_timer, _clock = tables.timers.c, tables.clocks.c

_NEXT = sa.select(_timer.fire_at).where(_timer.state == SET).order_by(_timer.fire_at).limit(1)
_DUE = (
    sa.select(
        _timer.mark, *clocks.COLUMNS, *cases.COLUMNS
    )
    .select_from(tables.timers)
    .join(tables.clocks, _clock.id == _timer.clock_id)
    .join(tables.cases, tables.cases.c.case_no == _clock.case_no)
    .where(_timer.state == SET, _timer.fire_at <= sa.bindparam("now"))
    .order_by(_timer.fire_at, _timer.clock_id, _timer.mark)
    .limit(sa.bindparam("most"))
    # Both rows or none: whoever holds the clock is about to change the timer too, and nobody ever waits here.
    .with_for_update(of=[tables.timers, tables.clocks], skip_locked=True)
)  # fmt: skip
# `!=` keeps SQLite on the primary key: for `state = 'set'` it walks every timer that is set.
_CLEAR = tables.timers.delete().where(_timer.state != FIRED, _timer.clock_id.in_(sa.bindparam("ids", expanding=True)))
_TAKE_BACK = tables.timers.delete().where(
    _timer.mark == round(BREACH * SCALE), _timer.clock_id.in_(sa.bindparam("ids", expanding=True))
)
_FIRED = (
    tables.timers.update()
    .where(_timer.mark == sa.bindparam("its_mark"), _timer.clock_id.in_(sa.bindparam("ids", expanding=True)))
    .values(state=FIRED)
)
_WARNED = (
    tables.clocks.update()
    .where(_clock.id.in_(sa.bindparam("ids", expanding=True)))
    .values(warned=sa.func.trim(_clock.warned + " " + sa.bindparam("fraction", type_=sa.String)))
    .values(revision=_clock.revision + 1)
)
_BREACHED = (
    tables.clocks.update()
    .where(_clock.id.in_(sa.bindparam("ids", expanding=True)))
    .values(state=State.BREACHED, breached_at=sa.bindparam("now"), revision=_clock.revision + 1)
)


@dataclass(frozen=True, slots=True)
class Due:
    """A timer whose instant has come, with its clock and case; `record` is the clock before it fires."""

    fraction: float
    record: Record
    case: Case


def next_due(connection: sa.Connection) -> datetime | None:
    """The instant of the earliest timer that is set."""
    found: datetime | None = connection.scalar(_NEXT)
    return found


def set_for(connection: sa.Connection, timed: Sequence[tuple[int, Sequence[Mark]]]) -> None:
    """Set timers for clocks that have none set; a mark that fired before stays fired."""
    rows = [
        {"clock_id": clock_id, "mark": round(mark.fraction * SCALE), "fire_at": mark.at, "state": SET}
        for clock_id, marks in timed
        for mark in marks
    ]
    if rows:
        dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
        connection.execute(dialect.insert(tables.timers).on_conflict_do_nothing(), rows)


def clear(connection: sa.Connection, clock_ids: Sequence[int]) -> None:
    """Take away the timers of these clocks that have not fired."""
    if clock_ids:
        connection.execute(_CLEAR, {"ids": clock_ids})


def take_back_breach(connection: sa.Connection, clock_ids: Sequence[int]) -> None:
    """Let the breach of these clocks be said again: it was revoked."""
    if clock_ids:
        connection.execute(_TAKE_BACK, {"ids": clock_ids})


def claim_due(connection: sa.Connection, now: datetime, limit: int) -> list[Due]:
    """The earliest timers due by now that no other replica is firing, with their clocks locked."""
    rows: Any = connection.execute(_DUE, {"now": now, "most": limit})
    last = 1 + len(clocks.COLUMNS)
    return [Due(row[0] / SCALE, clocks.record(row[1:last]), Case(*row[last:])) for row in rows]


def fire(connection: sa.Connection, fired: Sequence[Due], now: datetime) -> None:
    """Note that these timers fired, on the timers and on their clocks; a statement or two for each mark."""
    by_fraction: defaultdict[float, list[int | None]] = defaultdict(list)
    for each in fired:
        by_fraction[each.fraction].append(each.record.id)
    for fraction, ids in sorted(by_fraction.items()):
        connection.execute(_FIRED, {"its_mark": round(fraction * SCALE), "ids": ids})
        if fraction == BREACH:
            connection.execute(_BREACHED, {"now": now, "ids": ids})
        else:
            connection.execute(_WARNED, {"fraction": str(fraction), "ids": ids})
        ledger.add_fired(connection, fraction, ids, now)
