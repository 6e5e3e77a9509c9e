"""A column is one of many values: a list of parameters on SQLite, one parameter on PostgreSQL.

For each value of a list SQLAlchemy, the driver and the database's parser work as for a parameter of its own: a
hundred of them cost more than the statement itself.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from shared.base.bulk import array, kind_of


class _OneText(sa.types.TypeDecorator[Sequence[Any]]):
    """The values as PostgreSQL writes an array."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[Any] | None, _dialect: sa.Dialect) -> str:
        """All of them in one text."""
        return array(value or ())


class _Among(FunctionElement[Any]):
    """A column is one of the parameter's values; not typed as boolean, or SQLite would be asked whether it is 1."""

    name = "among"
    inherit_cache = True


def among(column: sa.ColumnElement[Any], parameter: str) -> sa.ColumnElement[Any]:
    """Whether a column is one of the values in the list that is given for this parameter."""
    return _Among(column, sa.bindparam(parameter, type_=_OneText()))


@compiles(_Among)
def _in_list(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = element.clauses
    return str(compiler.process(column.in_(sa.bindparam(values.key, expanding=True)), **options))


@compiles(_Among, "postgresql")
def _any_of(element: _Among, compiler: Any, **options: Any) -> str:
    column, values = element.clauses
    left, right = compiler.process(column, **options), compiler.process(values, **options)
    return f"{left} = ANY (CAST({right} AS {kind_of(column.type)}[]))"
