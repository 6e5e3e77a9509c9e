"""All SQL of who read which case."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.proof.chain import Head
from services.intake.storage.proof_tables import access_cases, accesses
from shared.base.paging import Place
from shared.base.where import stands_behind

_a: Final = accesses.c
_INSERT: Final = accesses.insert().returning(_a.id, sort_by_parameter_order=True)
_INSERT_CASES: Final = access_cases.insert()
_newest: Final = (
    sa.select(_a.writer, sa.func.max(_a.seq).label("seq"))
    .where(_a.id > sa.bindparam("since"), _a.id <= sa.bindparam("up_to"))
    .group_by(_a.writer)
    .subquery()
)
_HEADS: Final = sa.select(_a.writer, _a.seq, _a.chain).join(
    _newest, sa.and_(_newest.c.writer == _a.writer, _newest.c.seq == _a.seq)
)
_LAST: Final = sa.select(sa.func.coalesce(sa.func.max(_a.id), 0))


def add(connection: sa.Connection, rows: Sequence[Mapping[str, Any]], shown: Sequence[Sequence[str]]) -> None:
    """Keep these reads; `shown` are the cases of each."""
    ids = connection.execute(_INSERT, list(rows)).scalars().all()
    links = [
        {"case_no": case_no, "access_id": access_id}
        for access_id, case_nos in zip(ids, shown, strict=True)
        for case_no in dict.fromkeys(case_nos)
    ]
    if links:
        connection.execute(_INSERT_CASES, links)


def last(connection: sa.Connection) -> int:
    """The key of the newest read; 0 where there is none."""
    return connection.scalar(_LAST) or 0


def heads(connection: sa.Connection, since: int, up_to: int) -> dict[str, Head]:
    """The head of each chain that grew between these keys."""
    rows = connection.execute(_HEADS, {"since": since, "up_to": up_to})
    return {row.writer: Head(row.seq, row.chain) for row in rows}


def page(connection: sa.Connection, wanted: Mapping[str, Any], after: Place | None, limit: int) -> Sequence[Any]:
    """One read more than `limit`, if there are, oldest first."""
    query = sa.select(_a.id, _a.at, _a.body).order_by(_a.at, _a.id).limit(limit + 1)
    if "case_no" in wanted:
        query = query.join(access_cases, access_cases.c.access_id == _a.id)
        query = query.where(access_cases.c.case_no == wanted["case_no"])
    if after is not None:
        query = query.where(stands_behind(_a.at, _a.id, after, newest=False))
    return connection.execute(query.where(*_conditions(wanted))).all()


def _conditions(wanted: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
    since, before = _instant(wanted, "from"), _instant(wanted, "to")
    found = [_a.by == wanted["by"]] if "by" in wanted else []
    found += [_a.at >= since] if since else []
    return found + ([_a.at < before] if before else [])


def _instant(wanted: Mapping[str, Any], name: str) -> datetime | None:
    return wanted.get(name)
