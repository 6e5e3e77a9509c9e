"""The append-only ledger of what was said of clocks: rows are added and read, nothing else."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.sla.domain.changes import Change
from services.sla.domain.clock import State
from services.sla.domain.ledger import Entry
from services.sla.domain.marks import BREACH
from services.sla.storage import tables
from shared.base import bulk

NAMES = [each.name for each in fields(Entry)]
COLUMNS = [tables.ledger.c[name] for name in NAMES]
_CHANGE, _STATE = NAMES.index("change"), NAMES.index("state")

_ADD = tables.ledger.insert()
_ADD_ALL = bulk.insert_all(COLUMNS)
_clock = tables.clocks.c
_ADD_FIRED = tables.ledger.insert().from_select(
    [
        *("case_no", "clock", "key", "revision", "generation", "policy_version", "calendar", "calendar_version"),
        *("change", "at", "fraction"),
    ],
    sa.select(
        *(_clock.case_no, _clock.name, _clock.key, _clock.revision, _clock.generation),
        *(_clock.policy_version, _clock.calendar, _clock.calendar_version),
        sa.bindparam("change", type_=sa.String),
        sa.bindparam("at", type_=tables.ledger.c.at.type),
        sa.bindparam("fraction", type_=sa.Float),
    ).where(_clock.id.in_(sa.bindparam("ids", expanding=True))),
)
_OF_CASE = (
    sa.select(*COLUMNS)
    .where(tables.ledger.c.case_no == sa.bindparam("case_no"))
    .order_by(tables.ledger.c.at, tables.ledger.c.clock, tables.ledger.c.key, tables.ledger.c.revision)
)


def add(connection: sa.Connection, entries: Sequence[Entry]) -> None:
    """Append entries."""
    rows = [{name: getattr(each, name) for name in NAMES} for each in entries]
    if len(rows) > 1 and connection.dialect.name != "sqlite":
        connection.execute(_ADD_ALL, bulk.rows(rows))
    elif rows:
        connection.execute(_ADD, rows)


def add_fired(connection: sa.Connection, fraction: float, clock_ids: Sequence[int | None], now: datetime) -> None:
    """Append that a mark of these clocks was reached: one statement, with the revisions that the clocks have now."""
    change = Change.BREACHED if fraction == BREACH else Change.WARNED
    connection.execute(_ADD_FIRED, {"change": change, "at": now, "fraction": fraction, "ids": clock_ids})


def of_case(connection: sa.Connection, case_no: str) -> list[Entry]:
    """Every entry of a case, in the order in which they were said."""
    return [_entry(row) for row in connection.execute(_OF_CASE, {"case_no": case_no})]


def _entry(row: Sequence[Any]) -> Entry:
    values = dict(zip(NAMES, row, strict=True))
    values["change"] = Change(row[_CHANGE])
    values["state"] = None if row[_STATE] is None else State(row[_STATE])
    return Entry(**values)
