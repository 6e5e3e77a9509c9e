"""Timers: rows with the absolute instant at which a mark of a clock is reached (design 5)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from services.sla.domain.marks import BREACH, Mark, minutes_left
from services.sla.storage import tables
from services.sla.storage.tables import IS_SET, SET
from shared.base import bulk
from shared.outbox.firing import is_free, queue_of

SCALE = 1000
"""Marks are kept in thousandths of the limit."""
BREACH_MARK = round(BREACH * SCALE)
FINE_SCALE, APART = 10**9, 10_000
"""Those by time left are kept in billionths, which hold the minutes; so far apart that none is taken for the other."""

_timer, _clock, _case = tables.timers.c, tables.clocks.c, tables.cases.c


class Due(NamedTuple):
    """A timer whose instant has come, with what there is to say of its running clock before it fires, and of its case.

    It holds the columns of these names and is made by the thousand: nothing that nobody says is read.
    """

    mark: int
    clock_id: int
    case_no: str
    name: str
    key: str
    generation: int
    revision: int
    started_at: datetime
    due_at: datetime
    paused_seconds: float
    counted_from: datetime | None
    used_before: float
    measure: str
    provisional: bool
    policy_version: str
    calendar: str
    calendar_version: str
    warned: str
    mode: str
    kind: str
    region: str
    category: str | None
    severity: str
    owner: str | None


_COLUMNS = {**dict(_case.items()), **dict(_clock.items()), **dict(_timer.items())}
NEXT = sa.select(_timer.fire_at).where(IS_SET).order_by(_timer.fire_at).limit(1)
_ORDER = (_timer.fire_at, _timer.clock_id, _timer.mark)
DUE = (
    sa.select(*(_COLUMNS[name] for name in Due._fields))
    .select_from(tables.timers)
    .join(tables.clocks, _clock.id == _timer.clock_id)
    .join(tables.cases, tables.cases.c.case_no == _clock.case_no)
    .where(IS_SET, _timer.fire_at <= sa.bindparam("now"))
    .order_by(*_ORDER)
    .limit(sa.bindparam("most"))
    # Both rows or none: whoever holds the clock is about to change the timer too, and nobody ever waits here.
    .with_for_update(of=[tables.timers, tables.clocks], skip_locked=True)
)
# The same where several may be claiming: the timers first, as of one that another has nothing else is looked up.
_FIRST = (
    sa.select(_timer.clock_id, _timer.mark, _timer.fire_at)
    .where(IS_SET, _timer.fire_at <= sa.bindparam("now"))
    .order_by(*_ORDER)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
    .subquery("first")
)
DUE_SHARED = (
    sa.select(*(_FIRST.c[name] if name in _FIRST.c else _COLUMNS[name] for name in Due._fields))
    .select_from(_FIRST)
    .join(tables.clocks, _clock.id == _FIRST.c.clock_id)
    .join(tables.cases, tables.cases.c.case_no == _clock.case_no)
    .order_by(_FIRST.c.fire_at, _FIRST.c.clock_id, _FIRST.c.mark)
    .with_for_update(of=[tables.clocks], skip_locked=True)
)
# A timer that failed is held by its case, clock and mark. Nearly always none is, and then nothing looks for them.
_KEY = _clock.case_no + sa.literal("/") + sa.cast(_timer.clock_id, sa.String) + "/" + sa.cast(_timer.mark, sa.String)
_IS_FREE = is_free(tables.messaging, "sla", _KEY)
_held_rows = tables.messaging.held
_held = _held_rows.c
_ALL_HELD = sa.select(_held.id, _held.event_id).where(_held.queue == queue_of("sla"))
_ANY_HELD = sa.select(sa.exists(sa.select(_held.id).where(_held.queue == queue_of("sla"))))
_NEXT_AND_HELD = sa.select(NEXT.scalar_subquery().label("fire_at"), _ANY_HELD.scalar_subquery().label("is_any_held"))
NEXT_FREE = NEXT.join(tables.clocks, _clock.id == _timer.clock_id).where(_IS_FREE)
DUE_FREE = DUE.where(_IS_FREE)
KEYS = (
    sa.select(_KEY)
    .join_from(tables.timers, tables.clocks, _clock.id == _timer.clock_id)
    .where(IS_SET, _timer.fire_at <= sa.bindparam("now"), _IS_FREE)
    .order_by(_timer.fire_at, _timer.clock_id, _timer.mark)
    .limit(sa.bindparam("most"))
)
_DUE_ONE = DUE.where(_timer.clock_id == sa.bindparam("clock_id"), _timer.mark == sa.bindparam("its_mark"))
_CLEAR = tables.timers.delete().where(_timer.clock_id.in_(sa.bindparam("ids", expanding=True)))
_ADD = tables.timers.insert()

_SETTING = [_timer.clock_id, _timer.mark, _timer.fire_at]
# In place: to take timers away and set them anew would have the database look each clock up again.
_RESET = sa.text(
    f"WITH new AS MATERIALIZED (SELECT * FROM {bulk.recordset(_SETTING)}), "
    f"moved AS (UPDATE timers SET fire_at = new.fire_at, state = '{SET}' FROM new WHERE timers.clock_id = new.clock_id "
    f"AND timers.mark = new.mark AND (timers.fire_at <> new.fire_at OR timers.state <> '{SET}')), "
    "gone AS (DELETE FROM timers WHERE clock_id = ANY(CAST(:ids AS bigint[])) "
    "AND NOT EXISTS (SELECT 1 FROM new WHERE new.clock_id = timers.clock_id AND new.mark = timers.mark)) "
    f"INSERT INTO timers (clock_id, mark, fire_at, state) SELECT clock_id, mark, fire_at, '{SET}' FROM new "
    "WHERE NOT EXISTS (SELECT 1 FROM timers WHERE new.clock_id = timers.clock_id AND new.mark = timers.mark)"
)


def kept(fraction: float) -> int:
    """A mark as its timer keeps it."""
    return APART + round(fraction * FINE_SCALE) if minutes_left(fraction) else round(fraction * SCALE)


def fraction_of(mark: int) -> float:
    """The mark that a timer keeps."""
    return mark / SCALE if mark < APART else (mark - APART) / FINE_SCALE


def next_due(connection: sa.Connection) -> datetime | None:
    """The instant of the earliest timer that is set and not held."""
    row = connection.execute(_NEXT_AND_HELD).one()
    found: datetime | None = connection.scalar(NEXT_FREE) if row.is_any_held else row.fire_at
    return found


def _is_any_held(connection: sa.Connection) -> bool:
    return bool(connection.scalar(_ANY_HELD))


Timed = Sequence[tuple[int, Sequence[Mark]]]
"""Clocks by their ids, with the marks that lie ahead of them."""


def set_for(connection: sa.Connection, known: Timed, new: Timed = ()) -> None:
    """Set timers of clocks, for known ones in place of all that they have."""
    ids = [clock_id for clock_id, _ in known]
    rows = _rows([*known, *new])
    if connection.dialect.name == "sqlite":
        if ids:
            connection.execute(_CLEAR, {"ids": ids})
        if rows:
            connection.execute(_ADD, [row | {"state": SET} for row in rows])
    elif ids or rows:
        connection.execute(_RESET, {"ids": bulk.array(ids), **bulk.rows(_SETTING, rows)})


def _rows(timed: Timed) -> list[dict[str, Any]]:
    return [
        {"clock_id": clock_id, "mark": kept(mark.fraction), "fire_at": mark.at}
        for clock_id, marks in timed
        for mark in marks
    ]


def release(connection: sa.Connection, clock_ids: Sequence[int]) -> None:
    """Hold the timers of these clocks no longer: what failed was about how they stood before."""
    found = connection.execute(_ALL_HELD).all()
    if found:
        moved = set(clock_ids)
        gone = [held_id for held_id, key in found if int(key.split("/")[1]) in moved]
        connection.execute(_held_rows.delete().where(_held.id.in_(gone)))


def claim_due(connection: sa.Connection, now: datetime, limit: int) -> list[Due]:
    """The earliest timers due by now that are not held and no other replica is firing, with their clocks locked."""
    usual = DUE if connection.dialect.name == "sqlite" else DUE_SHARED
    asked = DUE_FREE if _is_any_held(connection) else usual
    rows: Any = connection.execute(asked, {"now": now, "most": limit})
    return list(map(Due._make, rows))


def due_keys(connection: sa.Connection, now: datetime, limit: int) -> list[str]:
    """Under which keys the earliest timers due by now are held should they fail; of their rows nothing else is read."""
    return list(connection.scalars(KEYS, {"now": now, "most": limit}))


def claim_one(connection: sa.Connection, key: str, now: datetime) -> list[Due]:
    """The timer of a key, if it is still due and no other replica is firing it."""
    _, clock_id, mark = key.split("/")
    one = {"clock_id": int(clock_id), "its_mark": int(mark)}
    rows: Any = connection.execute(_DUE_ONE, {"now": now, "most": 1, **one})
    return list(map(Due._make, rows))
