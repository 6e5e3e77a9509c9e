"""Clocks counted by the database: one statement for each stretch of time, grouped (SL-9)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from services.sla.domain.clock import State
from services.sla.domain.periods import Span
from services.sla.domain.statistics import Counted
from services.sla.storage import tables
from shared.base.where import lies_within

_clock, _case = tables.clocks.c, tables.cases.c
COLUMNS: dict[str, sa.ColumnElement[Any]] = {
    "policy": _clock.policy_version,
    "clock": _clock.name,
    "category": _case.category,
    "region": _case.region,
    "owner": _case.owner,
    "severity": _case.severity,
    "kind": _case.kind,
}
OF_CASE = ("category", "region", "owner", "severity", "kind")


@dataclass(frozen=True)
class Wanted:
    """Which clocks are counted, and by what: names of COLUMNS; `owners` is one person in every way of naming them."""

    groups: Sequence[str]
    equal: Mapping[str, str] = field(default_factory=dict)
    region: str | None = None
    owners: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One of so many parts of the clocks that fall due within a time, about equally large."""

    span: Span
    number: int = 0
    of: int = 1


def parts(connection: sa.Connection, span: Span, most: int) -> list[Part]:
    """A time in parts that are counted one by one, where a long query holds up the process: on SQLite."""
    if connection.dialect.name != "sqlite":
        return [Part(span)]
    number = connection.scalar(sa.select(sa.func.count()).where(_falls_due(span))) or 0
    of = max(1, -(-number // most))
    return [Part(span, each, of) for each in range(of)]


def is_more_than(connection: sa.Connection, span: Span, most: int) -> bool:
    """Whether more clocks than that fall due within a time; looks at the index, and no further than it must."""
    some = sa.select(sa.literal(1)).where(_falls_due(span)).limit(most + 1).subquery()
    return (connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0) > most


def counted(connection: sa.Connection, wanted: Wanted, part: Part) -> Iterator[Counted]:
    """The clocks of a part, those that are alike together."""
    groups = [COLUMNS[name] for name in wanted.groups]
    told = [_clock.state, _clock.ended_at.is_not(None), _clock.revoked_at.is_not(None), _clock.used_percent]
    query = sa.select(*groups, *told, sa.func.count()).where(_falls_due(part.span), *case_filters(wanted))
    for name in ("clock", "policy"):
        if name in wanted.equal:
            query = query.where(COLUMNS[name] == wanted.equal[name])
    if part.of > 1:
        query = query.where(_clock.id % part.of == part.number)
    query = query.group_by(*groups, *told).select_from(_counted_from(wanted))
    for row in connection.execute(query):
        state, is_over, is_revoked, percent, number = row[len(groups) :]
        yield Counted(tuple(row[: len(groups)]), State(state), bool(is_over), bool(is_revoked), percent, number)


def _counted_from(wanted: Wanted) -> sa.FromClause:
    """The cases are looked at only where they are asked for."""
    asked = {*wanted.groups, *wanted.equal} & {*OF_CASE}
    if not asked and wanted.region is None and wanted.owners is None:
        return tables.clocks
    return tables.clocks.join(tables.cases)


def case_filters(wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    """What is asked of the cases."""
    for name in OF_CASE:
        if name in wanted.equal:
            yield COLUMNS[name] == wanted.equal[name]
    if wanted.region is not None:
        yield lies_within(_case.region, wanted.region)
    if wanted.owners is not None:
        yield _case.owner.in_(wanted.owners)


def _falls_due(span: Span) -> sa.ColumnElement[bool]:
    return (_clock.due_at >= span.begin) & (_clock.due_at < span.end)
