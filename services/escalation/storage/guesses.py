"""Wrong codes that somebody typed lately; by real time, and forgotten soon."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.escalation.storage import tables

WINDOW: Final = timedelta(minutes=15)
"""Counted from the first wrong one."""

_guess = tables.guesses.c


@dataclass(frozen=True, slots=True)
class Tries:
    """How many codes were tried, this one among them, since the first."""

    count: int
    since: datetime


def count_in(connection: sa.Connection, who: str, wall: datetime) -> Tries:
    """Count a try in before anybody knows whether it is right: many at once are counted too."""
    forget(connection, wall)
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(tables.guesses).values(who=who, since=wall, count=1)
    counted = insert.on_conflict_do_update(index_elements=[_guess.who], set_={"count": _guess.count + 1})
    count, since = connection.execute(counted.returning(_guess.count, _guess.since)).one()
    return Tries(count, since)


def forget(connection: sa.Connection, wall: datetime) -> int:
    """Delete what counts no more; how many went."""
    return connection.execute(tables.guesses.delete().where(_guess.since <= wall - WINDOW)).rowcount


def take_back(connection: sa.Connection, who: str) -> None:
    """It was right, or nothing came of it: it counts no more."""
    connection.execute(tables.guesses.update().where(_guess.who == who).values(count=_guess.count - 1))
