"""The cases that a publication has to derive anew: collected once, then taken in turn until none is left (SL-6).

Each step is a transaction: after a crash it goes on where it stood. Replicas share the cases, and nobody waits for one
that an event has in hand: it comes in a later turn.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.sla.domain.calendars import Measure
from services.sla.domain.clock import State
from services.sla.domain.told import Case
from services.sla.domain.touched import Reach, Touched
from services.sla.storage import cases, tables
from services.sla.storage.publications import DONE, RUNNING, WAITING
from shared.base.among import among
from shared.base.where import lies_within

COLLECT_SECONDS = 60
"""How long the database may take to collect a million cases; other statements have less."""

SLOTS = 16
_moved = tables.moved_clocks.c
_publication, _pending, _clock, _case = (
    tables.publications.c,
    tables.pending_cases.c,
    tables.clocks.c,
    tables.cases.c,
)
_UNFINISHED = (
    sa.select(_publication.id, _publication.state, _publication.at, _publication.by)
    .where(_publication.state != DONE)
    .order_by(_publication.id)
    .limit(1)
)
_CLAIM = (
    sa.select(_pending.case_no)
    .where(_pending.publication_id == sa.bindparam("publication"), _pending.problem.is_(None))
    .order_by(_pending.case_no)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
)
_SETTLE = tables.pending_cases.delete().where(
    _pending.publication_id == sa.bindparam("publication"), among(_pending.case_no, "case_nos")
)


def _count(dialect: Any) -> sa.Insert:
    counted = dialect.insert(tables.moved_clocks)
    added: sa.Insert = counted.on_conflict_do_update(
        index_elements=["publication_id", "slot"], set_={"moved": _moved.moved + counted.excluded.moved}
    )
    return added


_COUNT = {"sqlite": _count(sqlite), "postgresql": _count(postgresql)}
_LEFT = sa.select(sa.func.count()).where(
    _pending.publication_id == sa.bindparam("publication"), _pending.problem.is_(None)
)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A publication with work left; `is_collected`: which cases it takes is known."""

    id: int
    is_collected: bool
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work of a publication is; `problems` by case number."""

    state: str
    cases: int
    left: int
    moved: int
    problems: Mapping[str, str]


def unfinished(connection: sa.Connection) -> Unfinished | None:
    """The oldest publication with work left."""
    row = connection.execute(_UNFINISHED).one_or_none()
    return Unfinished(row.id, row.state != WAITING, row.at, row.by) if row else None


def collect(connection: sa.Connection, publication: int, touched: Touched) -> None:
    """Note the cases that it takes, set by set; does nothing when another replica does or did it."""
    mine = sa.select(_publication.id).where(_publication.id == publication, _publication.state == WAITING)
    if connection.execute(mine.with_for_update(skip_locked=True)).one_or_none() is None:
        return
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{COLLECT_SECONDS}s'")
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(tables.pending_cases)
    for condition in conditions(touched):
        found = sa.select(sa.literal(publication), _clock.case_no).where(condition).distinct()
        connection.execute(
            insert.from_select(["publication_id", "case_no"], found).on_conflict_do_nothing(),
        )
    if connection.dialect.name != "sqlite":
        # Just filled: without this it would be read as the empty table that it was.
        connection.exec_driver_sql("ANALYZE pending_cases")
    total = left(connection, publication)
    connection.execute(
        tables.publications.update().where(_publication.id == publication).values(state=RUNNING, cases=total)
    )


def conditions(touched: Touched) -> Iterator[sa.ColumnElement[bool]]:
    """What holds for clocks that are touched, apart from each other: each finds its own index."""
    if touched.every:
        yield tables.IS_OPEN
        return
    yield tables.IS_OPEN & (_clock.started_at >= touched.since)
    if touched.carried:
        yield tables.IS_OPEN & _clock.counted_from.is_not(None)
    if touched.names:
        yield tables.IS_OPEN & _clock.name.in_(sorted(touched.names))
    for reach in touched.reaches:
        yield _within(reach)
    for region in sorted(touched.regions):
        there = sa.select(_case.case_no).where(lies_within(_case.region, region))
        yield tables.IS_OPEN & _clock.case_no.in_(there)


@lru_cache(8)
def names_touched(touched: Touched) -> sa.Select[tuple[str]]:
    """Which clocks of the cases `case_nos` it is about, where only the days of calendars changed."""
    about = [_clock.started_at >= touched.since, *map(_reached, touched.reaches)]
    if touched.carried:
        about.append(_clock.counted_from.is_not(None))
    return sa.select(_clock.name).where(among(_clock.case_no, "case_nos"), tables.IS_OPEN, sa.or_(*about))


def _within(reach: Reach) -> sa.ColumnElement[bool]:
    return _clock.state.in_((State.RUNNING, State.PAUSED)) & tables.IS_OPEN & _reached(reach)


def _reached(reach: Reach) -> sa.ColumnElement[bool]:
    return sa.and_(
        _clock.calendar == reach.calendar,
        _clock.measure != Measure.ELAPSED,
        _clock.due_at >= reach.due_from,
        _clock.started_at < reach.started_until,
    )


def claim(connection: sa.Connection, publication: int, limit: int) -> list[Case]:
    """Cases that are left and that nobody has in hand, kept from others until this transaction ends."""
    # One after the other: joined, the database may choose to look through all cases, each time.
    mine = connection.execute(_CLAIM, {"publication": publication, "most": limit}).scalars().all()
    return cases.lock_free(connection, mine) if mine else []


def left(connection: sa.Connection, publication: int) -> int:
    """How many cases are left."""
    return connection.execute(_LEFT, {"publication": publication}).scalar_one()


def settle(connection: sa.Connection, publication: int, case_nos: Sequence[str], moved: int) -> None:
    """These cases are done; so many of their clocks moved."""
    connection.execute(_SETTLE, {"publication": publication, "case_nos": case_nos})
    if moved:
        slot = sum(map(ord, case_nos[0])) % SLOTS
        connection.execute(
            _COUNT[connection.dialect.name], {"publication_id": publication, "slot": slot, "moved": moved}
        )


def note_problem(connection: sa.Connection, publication: int, case_no: str, why: str) -> None:
    """This case could not be derived: it stays as it is, for people to see."""
    one = tables.pending_cases.update().where(_pending.publication_id == publication, _pending.case_no == case_no)
    connection.execute(one.values(problem=why[:500]))


def finish(connection: sa.Connection, publication: int) -> None:
    """All is done; does nothing when another replica finishes it."""
    mine = sa.select(_publication.id).where(_publication.id == publication, _publication.state == RUNNING)
    if connection.execute(mine.with_for_update(skip_locked=True)).one_or_none() is None:
        return
    done = {"state": DONE, "moved": _publication.moved + _counted(connection, publication)}
    connection.execute(tables.publications.update().where(_publication.id == publication).values(done))
    connection.execute(tables.moved_clocks.delete().where(_moved.publication_id == publication))


def _counted(connection: sa.Connection, publication: int) -> int:
    total = sa.select(sa.func.coalesce(sa.func.sum(_moved.moved), 0)).where(_moved.publication_id == publication)
    return int(connection.execute(total).scalar_one())


def progress(connection: sa.Connection, publications: Iterable[int]) -> dict[int, Progress]:
    """How far each of these is."""
    wanted = list(publications)
    asked = sa.select(_publication.id, _publication.state, _publication.cases, _publication.moved)
    found = connection.execute(asked.where(_publication.id.in_(wanted))).all()
    return {row.id: _progress(connection, row) for row in found}


def _progress(connection: sa.Connection, row: Any) -> Progress:
    stuck = sa.select(_pending.case_no, _pending.problem).where(
        _pending.publication_id == row.id, _pending.problem.is_not(None)
    )
    problems: dict[str, str] = {each.case_no: each.problem for each in connection.execute(stuck)}
    remaining = left(connection, row.id) if row.state == RUNNING else 0
    return Progress(row.state, row.cases, remaining, row.moved + _counted(connection, row.id), problems)


def page(connection: sa.Connection, touched: Touched, after: str, limit: int) -> list[str]:
    """The numbers of cases with such clocks, after this one, in order; each way to be touched looks no further."""
    each = [_next_of(condition, after, limit) for condition in conditions(touched)]
    found = sa.union(*(sa.select(part.c.case_no) for part in each)).subquery()
    return list(connection.execute(sa.select(found.c.case_no).order_by(found.c.case_no).limit(limit)).scalars())


def _next_of(condition: sa.ColumnElement[bool], after: str, limit: int) -> sa.Subquery:
    found = sa.select(_clock.case_no).where(condition, _clock.case_no > after).distinct()
    return found.order_by(_clock.case_no).limit(limit).subquery()


def count(connection: sa.Connection, touched: Touched) -> int:
    """How many cases have such clocks."""
    each = [sa.select(_clock.case_no).where(condition) for condition in conditions(touched)]
    return connection.execute(sa.select(sa.func.count()).select_from(sa.union(*each).subquery())).scalar_one()
