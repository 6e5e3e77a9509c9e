"""Many rows in one statement on PostgreSQL, as one list for each column: the driver would send changes one by one.

A literal for each value of each row costs both sides most of their time; a list is one text, read by the database in C.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from types import NoneType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

Writer = Callable[[Any], str]
_SEPARATOR = "\x1e"
"""The record separator of ASCII."""


def recordset(columns: Iterable[sa.Column[Any]]) -> str:
    """What stands behind FROM: the rows of the parameters that `rows` makes, called `new`, with these columns."""
    kept = list(columns)
    lists = ", ".join(f"CAST(:new_{column.name} AS {kind_of(column.type)}[])" for column in kept)
    return f"unnest({lists}) AS new({_names(kept)})"


def insert_all(columns: Sequence[sa.Column[Any]]) -> sa.TextClause:
    """Insert the rows."""
    names = _names(columns)
    return sa.text(f"INSERT INTO {columns[0].table.name} ({names}) SELECT {names} FROM {recordset(columns)}")


def update_all(key: sa.Column[Any], columns: Sequence[sa.Column[Any]]) -> sa.TextClause:
    """Set these columns of the rows with these keys."""
    table = key.table.name
    changes = ", ".join(f'"{column.name}" = new."{column.name}"' for column in columns)
    source = recordset([key, *columns])
    return sa.text(f'UPDATE {table} SET {changes} FROM {source} WHERE {table}."{key.name}" = new."{key.name}"')


def rows(columns: Iterable[sa.Column[Any]], values: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The parameters, of rows that have a value for each of these columns."""
    return {f"new_{name}": array(row[name] for row in values) for name in (column.name for column in columns)}


def array(values: Iterable[Any]) -> str:
    """Values as PostgreSQL writes an array."""
    return f"{{{','.join([_WRITERS.get(type(value), _quoted)(value) for value in values])}}}"


def one_text(values: Iterable[str]) -> str:
    """Texts without control characters as one, for `split_text`: what holds many quotes is dear in an array."""
    return _SEPARATOR.join(values)


def split_text(name: str) -> str:
    """The array that the database makes of the parameter of this name."""
    return f"string_to_array(:{name}, chr({ord(_SEPARATOR)}))"


def kind_of(kind: sa.types.TypeEngine[Any]) -> str:
    """The type of such values. A text of any length: to be cast to a shorter one would cut it off, and say nothing."""
    if isinstance(kind, sa.String):
        return "text"
    dialect: sa.Dialect = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy has no types for it
    return kind.compile(dialect)


def _names(columns: Iterable[sa.Column[Any]]) -> str:
    return ", ".join(f'"{column.name}"' for column in columns)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_WRITERS: dict[type, Writer] = {
    NoneType: lambda _: "NULL",
    bool: lambda value: "t" if value else "f",
    int: str,
    float: repr,
    datetime: datetime.isoformat,
}
"""By type; all else is a text."""
