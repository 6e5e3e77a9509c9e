"""The newest version of each case, and the append-only ledger of its facts."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from services.sla.domain.facts import Fact
from services.sla.domain.told import Case
from services.sla.storage import tables
from shared.base.database import UnitOfWork

COLUMNS = [tables.cases.c[each.name] for each in fields(Case)]
FACT_COLUMNS = ["seq", "fact", "at", "recorded_at", "by", "key", "due_at", "set", "voids"]

_FIND = sa.select(*COLUMNS).where(tables.cases.c.case_no == sa.bindparam("case_no"))
_LOCK = _FIND.with_for_update()
_CHANGE = (
    tables.cases.update()
    .where(tables.cases.c.case_no == sa.bindparam("its_case_no"))
    .values({column.name: sa.bindparam(column.name) for column in COLUMNS if column.name != "case_no"})
)
_FACTS = (
    sa.select(*(tables.facts.c[name] for name in FACT_COLUMNS))
    .where(tables.facts.c.case_no == sa.bindparam("case_no"))
    .order_by(tables.facts.c.seq)
)


def find(connection: sa.Connection, case_no: str) -> Case | None:
    """The case, if it was heard of."""
    return _first(connection.execute(_FIND, {"case_no": case_no}))


def lock(connection: sa.Connection, case_no: str) -> Case | None:
    """The case, kept from other units of work until this one ends."""
    return _first(connection.execute(_LOCK, {"case_no": case_no}))


def _first(rows: sa.CursorResult[Any]) -> Case | None:
    row = rows.one_or_none()
    return Case(**row._mapping) if row else None


def add(connection: sa.Connection, case: Case) -> None:
    """Keep a case that was not heard of before."""
    connection.execute(tables.cases.insert(), _values(case))


def change(connection: sa.Connection, case: Case) -> None:
    """Keep a newer version of a case."""
    values = _values(case)
    connection.execute(_CHANGE, values | {"its_case_no": values.pop("case_no")})


def _values(case: Case) -> dict[str, Any]:
    return {column.name: getattr(case, column.name) for column in COLUMNS}


def add_facts(uow: UnitOfWork, case_no: str, facts: Sequence[Fact]) -> None:
    """Append facts to the ledger; written together with those of other cases of this unit of work."""
    uow.collect(_insert_facts, [_fact_values(case_no, fact) for fact in facts])


def _insert_facts(uow: UnitOfWork, rows: list[Any]) -> None:
    uow.connection.execute(tables.facts.insert(), rows)


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
