"""Timers that fired go; it is noted on their clocks and told in the ledger, each mark at once (SL-5, SL-7)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from services.sla.domain.changes import Change
from services.sla.domain.clock import State
from services.sla.storage import tables
from services.sla.storage.timers import BREACH_MARK, Due, fraction_of
from shared.base import bulk

_timer, _clock = tables.timers.c, tables.clocks.c
_IDS: sa.BindParameter[Sequence[int]] = sa.bindparam("ids", expanding=True)
_NOW = sa.bindparam("now", type_=tables.ledger.c.at.type)
_GONE = tables.timers.delete().where(_timer.mark == sa.bindparam("its_mark"), _timer.clock_id.in_(_IDS))
_WARNED = (
    tables.clocks.update()
    .where(_clock.id.in_(_IDS))
    .values(warned=sa.func.trim(_clock.warned + " " + sa.bindparam("fraction_text", type_=sa.String)))
    .values(revision=_clock.revision + 1)
)
_BREACHED = (
    tables.clocks.update()
    .where(_clock.id.in_(_IDS))
    .values(state=State.BREACHED, breached_at=_NOW, revision=_clock.revision + 1)
)
_TOLD = ("case_no", "name", "key", "revision", "generation", "policy_version", "calendar", "calendar_version")
_LEDGER = [*("clock" if name == "name" else name for name in _TOLD), "change", "at", "fraction"]
_SAID = [sa.bindparam("change", type_=sa.String), _NOW, sa.bindparam("fraction", type_=sa.Float)]
_TELL = tables.ledger.insert().from_select(
    _LEDGER, sa.select(*(_clock[name] for name in _TOLD), *_SAID).where(_clock.id.in_(_IDS))
)
_ANY_OF_THEM = "ANY(CAST(:ids AS bigint[]))"


def _at_once(change: str) -> sa.TextClause:
    """All of it in one statement, which looks each clock up once and names them in one text: for PostgreSQL."""
    told = ", ".join(_TOLD)
    return sa.text(
        f"WITH fired AS (DELETE FROM timers WHERE mark = :its_mark AND clock_id = {_ANY_OF_THEM}), "
        f"said AS (UPDATE clocks SET {change}, revision = revision + 1 WHERE id = {_ANY_OF_THEM} RETURNING {told}) "
        f"INSERT INTO ledger ({', '.join(_LEDGER)}) SELECT {told}, :change, :now, :fraction FROM said"
    ).bindparams(*_SAID)


_BREACHED_AT_ONCE = _at_once(f"state = '{State.BREACHED}', breached_at = :now")
_WARNED_AT_ONCE = _at_once("warned = trim(warned || ' ' || :fraction_text)")


def note(connection: sa.Connection, fired: Sequence[Due], now: datetime) -> None:
    """Note that these timers fired; the clocks with several marks have them in their order."""
    by_mark: defaultdict[int, list[int]] = defaultdict(list)
    for each in fired:
        by_mark[each.mark].append(each.clock_id)
    for mark in sorted(by_mark, key=fraction_of):
        _note(connection, mark, by_mark[mark], now)


def _note(connection: sa.Connection, mark: int, ids: Sequence[int], now: datetime) -> None:
    fraction = fraction_of(mark)
    is_breach = mark == BREACH_MARK
    told = {"change": str(Change.BREACHED if is_breach else Change.WARNED), "now": now, "fraction": fraction}
    changed = {"now": now} if is_breach else {"fraction_text": str(fraction)}
    if connection.dialect.name == "sqlite":
        connection.execute(_GONE, {"its_mark": mark, "ids": ids})
        connection.execute(_BREACHED if is_breach else _WARNED, changed | {"ids": ids})
        connection.execute(_TELL, told | {"ids": ids})
        return
    named = {"its_mark": mark, "ids": bulk.array(ids)}
    connection.execute(_BREACHED_AT_ONCE if is_breach else _WARNED_AT_ONCE, told | changed | named)
