"""The chain over entries that an older release wrote: they are sealed and chained before anything else happens to them.

A release that knows no chain may run beside this one while it is deployed, so this is found by the row of the case:
its chain must reach to its last entry.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.proof.chain import Head, begin, follow
from services.intake.storage.rows import sealed
from services.intake.storage.tables import cases, entries

_e: Final = entries.c
_ENTRIES: Final = (
    sa.select(_e.seq, _e.version, _e.body, _e.detail, _e.seal, _e.chain)
    .where(_e.case_id == sa.bindparam("case_id"))
    .order_by(_e.seq)
)
_KEEP: Final = entries.update().where(_e.case_id == sa.bindparam("its_case"), _e.seq == sa.bindparam("its_seq"))
_KEEP_HEAD: Final = cases.update().where(cases.c.id == sa.bindparam("its_case"))
_unchained: Final = sa.or_(cases.c.chained.is_(None), cases.c.chained != cases.c.last_seq)
_WAITING: Final = (
    sa.select(cases.c.id, cases.c.case_no)
    .where(cases.c.id > sa.bindparam("after"), cases.c.id <= sa.bindparam("up_to"), _unchained)
    .order_by(cases.c.id)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
)
# Locked: whoever chains them behind the start would seal the same entries with another salt.
_OF_THESE: Final = (
    sa.select(cases.c.id, cases.c.case_no)
    .where(cases.c.id.in_(sa.bindparam("ids", expanding=True)), _unchained)
    .order_by(cases.c.id)
    .with_for_update()
)
_LAST: Final = sa.select(sa.func.max(cases.c.id))


def chain_up(connection: sa.Connection, case_id: int, case_no: str) -> Head:
    """Chain what is not chained yet of a case; the head, which is kept with the case."""
    head = begin(case_no)
    for row in connection.execute(_ENTRIES, {"case_id": case_id}).all():
        head = _chain(connection, case_id, row, head) if row.chain is None else Head(row.seq, row.chain)
    connection.execute(_KEEP_HEAD, {"its_case": case_id, "chained": head.seq, "chain": head.chain})
    return head


def _chain(connection: sa.Connection, case_id: int, row: Any, before: Head) -> Head:
    added = {} if row.seal is not None else sealed(row.body, row.detail)
    seal = added.get("seal", row.seal)
    chain = follow(before.chain, row.version, seal, json.loads(row.body))
    connection.execute(_KEEP, {"its_case": case_id, "its_seq": row.seq, "chain": chain, **added})
    return Head(row.seq, chain)


def chain_these(connection: sa.Connection, case_ids: Sequence[int]) -> None:
    """Chain those of these cases that are not."""
    for start in range(0, len(case_ids), 500):
        for row in connection.execute(_OF_THESE, {"ids": case_ids[start : start + 500]}).all():
            chain_up(connection, row.id, row.case_no)


def last_case(connection: sa.Connection) -> int:
    """The key of the newest case; 0 where there is none."""
    return connection.scalar(_LAST) or 0


def chain_some(connection: sa.Connection, after: int, up_to: int, most: int) -> dict[str, Head]:
    """Chain the first that are not chained behind this key; their heads by number."""
    rows = connection.execute(_WAITING, {"after": after, "up_to": up_to, "most": most}).all()
    return {row.case_no: chain_up(connection, row.id, row.case_no) for row in rows}


def whole(connection: sa.Connection, case_id: int, version: int) -> Sequence[Any]:
    """Every column of a case's entries, up to the version that was read."""
    query = sa.select(entries).where(_e.case_id == case_id, _e.version <= version).order_by(_e.seq)
    return connection.execute(query).all()
