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
    # Compared as a pair, not with OR: so the database begins to read its index at the place, not at its start.
    here = sa.tuple_(at, key)
    there = sa.tuple_(sa.literal(place[0], at.type), sa.literal(place[1], key.type))
    return here < there if newest else here > there
