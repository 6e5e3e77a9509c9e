"""The append-only ledger of what was said of clocks: rows are added and read, nothing else."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from services.sla.domain.changes import Change
from services.sla.domain.clock import State
from services.sla.domain.ledger import Entry
from services.sla.storage import tables
from shared.base import bulk

NAMES = [each.name for each in fields(Entry)]
COLUMNS = [tables.ledger.c[name] for name in NAMES]
_CHANGE, _STATE = NAMES.index("change"), NAMES.index("state")

_ADD = tables.ledger.insert()
_ADD_ALL = bulk.insert_all(COLUMNS)
_OF_CASE = (
    sa.select(*COLUMNS)
    .where(tables.ledger.c.case_no == sa.bindparam("case_no"))
    .order_by(tables.ledger.c.at, tables.ledger.c.clock, tables.ledger.c.key, tables.ledger.c.revision)
)


def add(connection: sa.Connection, entries: Sequence[Entry]) -> None:
    """Append entries."""
    rows = [{name: getattr(each, name) for name in NAMES} for each in entries]
    if len(rows) > 1 and connection.dialect.name != "sqlite":
        connection.execute(_ADD_ALL, bulk.rows(COLUMNS, rows))
    elif rows:
        connection.execute(_ADD, rows)


def of_case(connection: sa.Connection, case_no: str) -> list[Entry]:
    """Every entry of a case, in the order in which they were said."""
    return [_entry(row) for row in connection.execute(_OF_CASE, {"case_no": case_no})]


def _entry(row: Sequence[Any]) -> Entry:
    values = dict(zip(NAMES, row, strict=True))
    values["change"] = Change(row[_CHANGE])
    values["state"] = None if row[_STATE] is None else State(row[_STATE])
    return Entry(**values)
