"""Past cases with their facts, a page at a time, in the order in which they were received."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from services.sla.domain.facts import Fact
from services.sla.domain.periods import Span
from services.sla.domain.told import Case
from services.sla.storage import cases, tables
from services.sla.storage.statistics import Wanted, case_filters

Place = tuple[datetime, str]
"""Where a page ends: when the last case was received, and its number."""

_case, _fact = tables.cases.c, tables.facts.c
_FACTS = (
    sa.select(_fact.case_no, *(_fact[name] for name in cases.FACT_COLUMNS))
    .where(_fact.case_no.in_(sa.bindparam("numbers", expanding=True)))
    .order_by(_fact.case_no, _fact.seq)
)


@dataclass(frozen=True)
class Past:
    """A case as it is known now, with all its facts."""

    case: Case
    facts: Sequence[Fact]


def count(connection: sa.Connection, wanted: Wanted, span: Span, most: int) -> int:
    """How many such cases were received within a time; counts no further than to one more than `most`."""
    some = sa.select(sa.literal(1)).where(*_received(wanted, span)).limit(most + 1).subquery()
    return connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def page(connection: sa.Connection, wanted: Wanted, span: Span, after: Place | None, limit: int) -> list[Past]:
    """The next such cases behind a place, at most `limit`."""
    query = sa.select(*cases.COLUMNS).where(*_received(wanted, span))
    if after is not None:
        later = (_case.received_at == after[0]) & (_case.case_no > after[1])
        query = query.where((_case.received_at > after[0]) | later)
    query = query.order_by(_case.received_at, _case.case_no).limit(limit)
    found = [Case(*row) for row in connection.execute(query)]
    facts = _facts_of(connection, [case.case_no for case in found])
    return [Past(case, facts[case.case_no]) for case in found]


def _facts_of(connection: sa.Connection, numbers: Sequence[str]) -> defaultdict[str, list[Fact]]:
    facts: defaultdict[str, list[Fact]] = defaultdict(list)
    for case_no, *values in connection.execute(_FACTS, {"numbers": numbers}):
        facts[case_no].append(Fact(*values))
    return facts


def _received(wanted: Wanted, span: Span) -> list[sa.ColumnElement[bool]]:
    return [_case.received_at >= span.begin, _case.received_at < span.end, *case_filters(wanted)]
