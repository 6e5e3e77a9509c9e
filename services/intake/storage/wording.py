"""Keeping the words of a case so that they are found by an index: a `tsvector` of our own making on PostgreSQL.

PostgreSQL's own parsers know no Chinese, and trigrams no word of two characters, so a run is kept as pairs of
neighbours with their places. SQLite keeps the words as text and reads it through: it is for small numbers.
"""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from services.intake.domain.wording import is_run, pairs

_LAST_PLACE: Final = 16_383
"""PostgreSQL counts no further: of what stands behind, runs of three and more are not found."""


class Words(sa.types.TypeDecorator[list[str]]):
    """The words of a text in their order."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """A text search vector where there is one."""
        return dialect.type_descriptor(TSVECTOR() if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: sa.Dialect) -> str | None:
        """As the database keeps them."""
        if value is None:
            return None
        return _vector(value) if dialect.name == "postgresql" else f" {' '.join(value)} "

    def process_result_value(self, _value: Any, _dialect: sa.Dialect) -> None:
        """They are only looked in, never read."""
        return


def holds(column: sa.Column[Any], words: Sequence[str], dialect: str) -> sa.ColumnElement[bool]:
    """Whether a text holds all of these words: runs anywhere, others by how they begin."""
    if dialect == "postgresql":
        query = sa.cast(" & ".join(_sought(word) for word in words), TSQUERY)
        return sa.type_coerce(column, TSVECTOR).op("@@")(query)
    places = [word if is_run(word) else f" {word}" for word in words]
    return sa.and_(*(sa.func.instr(sa.type_coerce(column, sa.Text), place) > 0 for place in places))


def _vector(words: Sequence[str]) -> str:
    # Words are letters and digits only, so nothing in them needs quoting.
    kept = [part for word in words for part in (pairs(word) if is_run(word) else [word])]
    return " ".join(f"{part}:{min(place, _LAST_PLACE)}" for place, part in enumerate(kept, 1))


def _sought(word: str) -> str:
    if is_run(word) and len(word) > 1:
        return "(" + " <-> ".join(pairs(word)[:-1]) + ")"
    return f"{word}:*"
