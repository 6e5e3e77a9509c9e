"""Conditions that several repositories ask in SQL."""

from typing import Any

import sqlalchemy as sa

from shared.base.paging import Place


def lies_within(column: sa.ColumnElement[str], region: str) -> sa.ColumnElement[bool]:
    """The region itself or one below it."""
    return sa.or_(column == region, column.startswith(f"{region}.", autoescape=True))


def stands_behind(
    at: sa.ColumnElement[Any], key: sa.ColumnElement[Any], place: Place, *, newest: bool = False
) -> sa.ColumnElement[bool]:
    """What follows a place in a list ordered by these two; downwards when the newest come first."""
    instant, last = place
    later, next_key = (at < instant, key < last) if newest else (at > instant, key > last)
    return sa.or_(later, sa.and_(at == instant, next_key))
