"""The clocks of cases, with what was said of them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from services.sla.domain.calendars import Measure
from services.sla.domain.clock import State
from services.sla.domain.record import Record
from services.sla.domain.told import Case
from services.sla.storage import cases, tables
from shared.base import bulk
from shared.base.among import among
from shared.base.paging import Place
from shared.base.where import lies_within, stands_behind

COLUMNS = [tables.clocks.c[each.name] for each in fields(Record)]
NAMES = [column.name for column in COLUMNS]
_STATE, _MEASURE, _WARNED = (NAMES.index(name) for name in ("state", "measure", "warned"))

_OF_CASE = (
    sa.select(*COLUMNS)
    .where(tables.clocks.c.case_no == sa.bindparam("case_no"))
    .order_by(tables.clocks.c.started_at, tables.clocks.c.id)
)
_LOCK_OF_CASE = _OF_CASE.with_for_update()
_OF_CASES = (
    sa.select(*COLUMNS)
    .where(among(tables.clocks.c.case_no, "case_nos"))
    .order_by(tables.clocks.c.case_no, tables.clocks.c.started_at, tables.clocks.c.id)
)
_LOCK_OF_CASES = _OF_CASES.with_for_update()
_ADD = tables.clocks.insert().returning(tables.clocks.c.id, sort_by_parameter_order=True)
_FIXED = ("id", "case_no", "name", "key", "generation")
_CHANGING = [column for column in COLUMNS if column.name not in _FIXED]
_CHANGE = (
    tables.clocks.update()
    .where(tables.clocks.c.id == sa.bindparam("its_id"))
    .values({column.name: sa.bindparam(column.name) for column in _CHANGING})
)


_CHANGE_ALL = bulk.update_all(tables.clocks.c.id, _CHANGING)


def of_case(connection: sa.Connection, case_no: str) -> list[Record]:
    """The clocks of a case, all generations, oldest first."""
    return [record(row) for row in connection.execute(_OF_CASE, {"case_no": case_no})]


def lock_of_case(connection: sa.Connection, case_no: str) -> list[Record]:
    """The same, kept from timers and other units of work until this one ends."""
    return [record(row) for row in connection.execute(_LOCK_OF_CASE, {"case_no": case_no})]


def of_cases(
    connection: sa.Connection, case_nos: Sequence[str], *, lock: bool, names: sa.Select[tuple[str]] | None = None
) -> dict[str, list[Record]]:
    """The clocks of several cases, or those whose names are found so, by case number; kept from timers, or not."""
    asked = _LOCK_OF_CASES if lock else _OF_CASES
    if names is not None:
        asked = _named(asked, names)
    found: dict[str, list[Record]] = {case_no: [] for case_no in case_nos}
    for row in connection.execute(asked, {"case_nos": case_nos}):
        kept = record(row)
        found[kept.case_no].append(kept)
    return found


@lru_cache(8)
def _named(asked: sa.Select[Any], names: sa.Select[tuple[str]]) -> sa.Select[Any]:
    return asked.where(tables.clocks.c.name.in_(names))


def add(connection: sa.Connection, records: Sequence[Record]) -> list[Record]:
    """Keep new clocks; the same records with their ids."""
    if not records:
        return []
    rows = [_values(each) for each in records]
    for row in rows:
        del row["id"]
    ids = connection.execute(_ADD, rows).scalars().all()
    return [replace(each, id=clock_id) for each, clock_id in zip(records, ids, strict=True)]


def change(connection: sa.Connection, records: Sequence[Record]) -> None:
    """Keep clocks as they are now."""
    if not records:
        return
    if connection.dialect.name == "sqlite" or len(records) == 1:
        connection.execute(_CHANGE, [_changed_values(each) for each in records])
        return
    rows = bulk.rows([tables.clocks.c.id, *_CHANGING], [_values(each) for each in records])
    connection.execute(_CHANGE_ALL, rows)


def drop(connection: sa.Connection, ids: Sequence[int]) -> None:
    """Forget clocks that their cases never had, with their timers."""
    if ids:
        connection.execute(tables.clocks.delete().where(tables.clocks.c.id.in_(ids)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which running clocks are asked for: those after the position `after`, at most `limit`.

    `owners`: one person in every way of naming them; `breached`: also those that were overrun and are not stopped yet.
    """

    limit: int
    region: str | None = None
    owners: Sequence[str] | None = None
    before: datetime | None = None
    breached: bool = False
    after: Place | None = None


def running(connection: sa.Connection, wanted: Wanted) -> list[tuple[Record, Case]]:
    """Running clocks with their cases, earliest due first."""
    rows = connection.execute(running_query(wanted))
    return [(record(row[: len(NAMES)]), Case(*row[len(NAMES) :])) for row in rows]


def running_query(wanted: Wanted) -> sa.Select[Any]:
    """What asks for them."""
    clock, case = tables.clocks.c, tables.cases.c
    query = (
        sa.select(*COLUMNS, *cases.COLUMNS)
        .join_from(tables.clocks, tables.cases, clock.case_no == case.case_no)
        .where(_counts(breached=wanted.breached))
        .order_by(clock.due_at, clock.id)
        .limit(wanted.limit)
    )
    if wanted.region is not None:
        query = query.where(lies_within(case.region, wanted.region))
    if wanted.owners is not None:
        query = query.where(case.owner.in_(wanted.owners))
    if wanted.before is not None:
        query = query.where(clock.due_at < wanted.before)
    if wanted.after is not None:
        query = query.where(stands_behind(clock.due_at, clock.id, wanted.after))
    return query


def _counts(*, breached: bool) -> sa.ColumnElement[bool]:
    clock = tables.clocks.c
    states = (State.RUNNING, State.BREACHED) if breached else (State.RUNNING,)
    return tables.IS_OPEN & clock.state.in_(states)


def record(row: Sequence[Any]) -> Record:
    """A clock from the values of COLUMNS, in this order."""
    values = list(row)
    values[_STATE] = State(values[_STATE])
    values[_MEASURE] = Measure(values[_MEASURE])
    values[_WARNED] = tuple(map(float, values[_WARNED].split()))
    return Record(*values)


def _values(kept: Record) -> dict[str, Any]:
    values = {name: getattr(kept, name) for name in NAMES}
    values |= {"state": str(kept.state), "measure": str(kept.measure), "warned": " ".join(map(str, kept.warned))}
    return values


def _changed_values(kept: Record) -> dict[str, Any]:
    values = _values(kept)
    for name in _FIXED[1:]:
        del values[name]
    values["its_id"] = values.pop("id")
    return values
