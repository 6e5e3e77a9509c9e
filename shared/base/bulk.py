"""Many rows in one statement on PostgreSQL, as one JSON text: the driver would send changes one by one.

A literal for each value of each row costs both sides most of their time; one text is parsed by the database in C.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


def recordset(columns: Iterable[sa.Column[Any]]) -> str:
    """What stands behind FROM: the rows of the parameter `rows`, called `new`, with these columns."""
    dialect: sa.Dialect = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy has no types for it
    typed = ", ".join(f'"{column.name}" {column.type.compile(dialect)}' for column in columns)
    return f"json_to_recordset(CAST(:rows AS json)) AS new({typed})"


def insert_all(columns: Sequence[sa.Column[Any]]) -> sa.TextClause:
    """Insert the rows of the parameter `rows`."""
    names = ", ".join(f'"{column.name}"' for column in columns)
    return sa.text(f"INSERT INTO {columns[0].table.name} ({names}) SELECT {names} FROM {recordset(columns)}")


def update_all(key: sa.Column[Any], columns: Sequence[sa.Column[Any]]) -> sa.TextClause:
    """Set these columns of the rows with the keys of the parameter `rows`."""
    table = key.table.name
    changes = ", ".join(f'"{column.name}" = new."{column.name}"' for column in columns)
    source = recordset([key, *columns])
    return sa.text(f'UPDATE {table} SET {changes} FROM {source} WHERE {table}."{key.name}" = new."{key.name}"')


def rows(values: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The parameter `rows`."""
    return {"rows": json.dumps(values, default=_plain, ensure_ascii=False)}


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a row")
