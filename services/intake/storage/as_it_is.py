"""Values as they lie in the database, also those that no release ever wrote there: found, not stumbled over."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import sqlalchemy as sa


def as_it_is(column: sa.Column[Any]) -> sa.Label[Any]:
    """The column, with what cannot be read as its type as it lies there."""
    return sa.type_coerce(column, _Either(column.type)).label(column.name)


def keep_no_text_back(connection: sa.Connection) -> None:
    """Have SQLite hand out texts that are none, with what is wrong in them as it is."""
    raw: Any = connection.connection.driver_connection
    raw.text_factory = lambda found: found.decode("utf-8", "surrogateescape")


class _Either(sa.types.UserDefinedType[Any]):
    """Values of a type, and what is none."""

    cache_ok = True

    def __init__(self, inner: sa.types.TypeEngine[Any]) -> None:
        self.inner = inner

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Read it as the type does, if that is possible."""
        read = self.inner.dialect_impl(dialect).result_processor(dialect, coltype)
        if read is None:
            return None

        def process(value: Any) -> Any:
            with suppress(ValueError, TypeError, AttributeError, RecursionError):
                return read(value)
            return value

        return process
