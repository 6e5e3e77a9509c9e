"""The newest version of each case, and the append-only ledger of its facts."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from services.sla.domain.facts import Fact
from services.sla.domain.told import Case
from services.sla.storage import tables
from shared.base.among import among

COLUMNS = [tables.cases.c[each.name] for each in fields(Case)]
NAMES = [column.name for column in COLUMNS]
FACT_COLUMNS = ["seq", "fact", "at", "recorded_at", "by", "key", "due_at", "set", "voids"]

_FIND = sa.select(*COLUMNS).where(tables.cases.c.case_no == sa.bindparam("case_no"))
_LOCK = _FIND.with_for_update()
_CHANGE = (
    tables.cases.update()
    .where(tables.cases.c.case_no == sa.bindparam("its_case_no"))
    .values({name: sa.bindparam(name) for name in NAMES if name != "case_no"})
)
_CHANGE_FLOORS = (
    tables.cases.update()
    .where(tables.cases.c.case_no == sa.bindparam("its_case_no"))
    .values(floors=sa.bindparam("new_floors", type_=tables.cases.c.floors.type))
)
_OF = sa.select(*COLUMNS).where(among(tables.cases.c.case_no, "case_nos"))
_LOCK_FREE = _OF.order_by(tables.cases.c.case_no).with_for_update(skip_locked=True)
_FACTS = (
    sa.select(*(tables.facts.c[name] for name in FACT_COLUMNS))
    .where(tables.facts.c.case_no == sa.bindparam("case_no"))
    .order_by(tables.facts.c.seq)
)


_FACTS_OF = (
    sa.select(tables.facts.c.case_no, *(tables.facts.c[name] for name in FACT_COLUMNS))
    .where(among(tables.facts.c.case_no, "case_nos"))
    .order_by(tables.facts.c.case_no, tables.facts.c.seq)
)


def find(connection: sa.Connection, case_no: str) -> Case | None:
    """The case, if it was heard of."""
    return _first(connection.execute(_FIND, {"case_no": case_no}))


def lock(connection: sa.Connection, case_no: str) -> Case | None:
    """The case, kept from other units of work until this one ends."""
    return _first(connection.execute(_LOCK, {"case_no": case_no}))


def _first(rows: sa.CursorResult[Any]) -> Case | None:
    row: Sequence[Any] | None = rows.one_or_none()
    return Case(*row) if row else None


def add(connection: sa.Connection, new: Sequence[Case]) -> None:
    """Keep cases that were not heard of before."""
    if new:
        connection.execute(tables.cases.insert(), [_values(case) for case in new])


def change(connection: sa.Connection, newer: Sequence[Case]) -> None:
    """Keep newer versions of cases."""
    rows = [_values(case) for case in newer]
    for row in rows:
        row["its_case_no"] = row.pop("case_no")
    if rows:
        connection.execute(_CHANGE, rows)


def _values(case: Case) -> dict[str, Any]:
    return {name: getattr(case, name) for name in NAMES}


def add_facts(connection: sa.Connection, facts: Mapping[str, Sequence[Fact]]) -> None:
    """Append facts to the ledger, by case number."""
    rows = [_fact_values(case_no, fact) for case_no, new in facts.items() for fact in new]
    if rows:
        connection.execute(tables.facts.insert(), rows)


def _fact_values(case_no: str, fact: Fact) -> dict[str, Any]:
    return {
        "case_no": case_no,
        "seq": fact.seq,
        "fact": fact.name,
        "at": fact.at,
        "recorded_at": fact.recorded_at,
        "by": fact.by,
        "key": fact.key,
        "due_at": fact.due_at,
        "set": dict(fact.set),
        "voids": fact.voids,
    }


def facts_of(connection: sa.Connection, case_no: str) -> list[Fact]:
    """The ledger of a case."""
    return [Fact(*row) for row in connection.execute(_FACTS, {"case_no": case_no})]


def numbered(connection: sa.Connection, case_nos: Sequence[str]) -> list[Case]:
    """Cases by their numbers."""
    return [Case(*row) for row in connection.execute(_OF, {"case_nos": case_nos})]


def lock_free(connection: sa.Connection, case_nos: Sequence[str]) -> list[Case]:
    """Those of these cases that no other unit of work has, kept from others until this one ends."""
    return [Case(*row) for row in connection.execute(_LOCK_FREE, {"case_nos": case_nos})]


def facts_of_cases(connection: sa.Connection, case_nos: Sequence[str]) -> dict[str, list[Fact]]:
    """The facts of several cases, by case number."""
    found: dict[str, list[Fact]] = {case_no: [] for case_no in case_nos}
    for case_no, *values in connection.execute(_FACTS_OF, {"case_nos": case_nos}):
        found[case_no].append(Fact(*values))
    return found


def change_floors(connection: sa.Connection, floors: Mapping[str, Mapping[str, int]]) -> None:
    """Keep the revisions of clocks that were dropped, by case number."""
    rows = [{"its_case_no": case_no, "new_floors": dict(values)} for case_no, values in floors.items()]
    if rows:
        connection.execute(_CHANGE_FLOORS, rows)
