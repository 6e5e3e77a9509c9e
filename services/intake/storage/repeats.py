"""Repeats in the database: cases by key, and what was proposed of them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.repeats.matter import OVER, Matter
from services.intake.domain.vocabulary import OPEN
from services.intake.storage.repeat_tables import repeat_keys, repeat_proposals
from services.intake.storage.sight import Sight, seen_by
from services.intake.storage.tables import cases
from shared.base.columns import Instant
from shared.base.paging import Place
from shared.base.where import lies_within, stands_behind
from shared.kernel.instants import parse_instant

PROPOSED: Final = "proposed"
CONFIRMED: Final = "confirmed"
REJECTED: Final = "rejected"

_p: Final = repeat_proposals.c
# The newest few of each key, however many it has: what very many share says nothing, and must not be read.
_UNDER: Final = {
    "postgresql": "SELECT wanted.key, cases.id, cases.received_at FROM unnest(CAST(:keys AS bigint[])) AS wanted(key) "
    "CROSS JOIN LATERAL (SELECT case_id FROM repeat_keys WHERE repeat_keys.key = wanted.key "
    "ORDER BY case_id DESC LIMIT :most) AS newest JOIN cases ON cases.id = newest.case_id",
    "sqlite": "SELECT wanted.value AS key, cases.id, cases.received_at FROM json_each(:keys) AS wanted "
    "CROSS JOIN cases ON cases.id IN (SELECT case_id FROM repeat_keys WHERE repeat_keys.key = wanted.value "
    "ORDER BY case_id DESC LIMIT :most)",
}
_NEWEST_UNDER: Final = {
    dialect: sa.text(text).columns(key=sa.BigInteger, id=sa.BigInteger, received_at=Instant)
    for dialect, text in _UNDER.items()
}
_SAME: Final = ("id", "case_no", "kind", "region", "received_at", "subject", "repeat_of")
_COMPARED: Final = sa.select(
    *(cases.c[name] for name in _SAME),
    cases.c.customer_phone.label("phone"),
    cases.c.product,
    sa.or_(cases.c.anonymous, cases.c.protected).label("is_hidden"),
    # Read of those alone that are over: nearly none.
    sa.case((cases.c.state.in_(OVER), sa.cast(cases.c.milestones, sa.Text))).label("ended"),
).where(cases.c.id.in_(sa.bindparam("ids", expanding=True)))
_LISTED: Final = (*repeat_proposals.c, cases.c.region, cases.c.kind, cases.c.subject, cases.c.protected)
_LIST: Final = sa.select(*_LISTED).join(cases, cases.c.id == _p.case_id)
# Linked by hand meanwhile, or over: there is nothing left to decide.
_UNDECIDED: Final = sa.and_(cases.c.repeat_of.is_(None), cases.c.state.in_(OPEN))
_OF_CASES: Final = (
    sa.select(repeat_proposals).where(_p.case_id.in_(sa.bindparam("ids", expanding=True))).order_by(_p.case_id)
)
_OPEN_OF_CASES: Final = (
    sa.select(_p.case_id, _p.first_case)
    .join(cases, cases.c.id == _p.case_id)
    .where(_p.case_id.in_(sa.bindparam("ids", expanding=True)), _p.state == PROPOSED, _UNDECIDED)
)
# The lowest ids are the oldest cases; a page of them is looked at, not all the keys there are.
_OLDEST: Final = (
    sa.select(repeat_keys.c.case_id).distinct().order_by(repeat_keys.c.case_id).limit(sa.bindparam("most")).subquery()
)
_OVER_AGE: Final = (
    sa.select(cases.c.id)
    .join(_OLDEST, _OLDEST.c.case_id == cases.c.id)
    .where(cases.c.received_at < sa.bindparam("before", type_=Instant))
)
_FORGET: Final = repeat_keys.delete().where(repeat_keys.c.case_id.in_(_OVER_AGE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which proposals to list; None leaves it open."""

    limit: int
    state: str | None = None
    region: str | None = None
    case_no: str | None = None
    after: Place | None = None
    sight: Sight | None = None


def add_keys(connection: sa.Connection, keys: Mapping[int, Iterable[int]]) -> None:
    """Have these cases found under their keys."""
    rows = [{"key": key, "case_id": case_id} for case_id, own in keys.items() for key in sorted(set(own))]
    if rows:
        connection.execute(repeat_keys.insert(), rows)


def forget_keys(connection: sa.Connection, before: datetime, most: int) -> int:
    """Delete the keys of cases that came in before this, of the `most` oldest at a time; how many went."""
    return connection.execute(_FORGET, {"before": before, "most": most}).rowcount


def newest_under(connection: sa.Connection, keys: Iterable[int], most: int) -> dict[int, list[tuple[int, datetime]]]:
    """The newest cases under each key, at most so many of each, and when they came in."""
    wanted: Any = sorted(set(keys))
    if connection.dialect.name == "sqlite":
        wanted = json.dumps(wanted)
    found: defaultdict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for row in connection.execute(_NEWEST_UNDER[connection.dialect.name], {"keys": wanted, "most": most}):
        found[row.key].append((row.id, row.received_at))
    return found


def compared(connection: sa.Connection, ids: Iterable[int]) -> list[Matter]:
    """These cases, as far as they are compared."""
    wanted = list(ids)
    return [_matter(row) for row in connection.execute(_COMPARED, {"ids": wanted})] if wanted else []


def _matter(row: Any) -> Matter:
    same = {name: getattr(row, name) for name in (*_SAME, "phone", "product")}
    return Matter(**same, is_hidden=bool(row.is_hidden), ended_at=_ended_at(row) if row.ended else None)


def _ended_at(row: Any) -> datetime:
    milestones = json.loads(row.ended)
    found = [parse_instant(milestones[name]) for name in OVER if name in milestones]
    return max(found, default=row.received_at)


def propose(connection: sa.Connection, rows: Sequence[Mapping[str, Any]], at: datetime) -> None:
    """Keep what was proposed."""
    if rows:
        connection.execute(repeat_proposals.insert(), [{**row, "state": PROPOSED, "proposed_at": at} for row in rows])


def find(connection: sa.Connection, case_no: str) -> Any:
    """The proposal about a case, locked; None when there is none."""
    its_id = sa.select(cases.c.id).where(cases.c.case_no == case_no).scalar_subquery()
    query = sa.select(repeat_proposals).where(_p.case_id == its_id).with_for_update()
    return connection.execute(query).one_or_none()


def decide(connection: sa.Connection, case_id: int, decided: Mapping[str, Any]) -> None:
    """Keep what a person made of it: state, by, at, note."""
    connection.execute(repeat_proposals.update().where(_p.case_id == case_id).values(**decided))


def page(connection: sa.Connection, wanted: Wanted) -> list[Any]:
    """One more than `limit`, if there are, in the order in which they were proposed."""
    query = _LIST.order_by(_p.proposed_at, _p.case_id).limit(wanted.limit + 1)
    if wanted.state is not None:
        query = query.where(_p.state == wanted.state)
    if wanted.state == PROPOSED:
        query = query.where(_UNDECIDED)
    if wanted.region is not None:
        query = query.where(lies_within(cases.c.region, wanted.region))
    if wanted.case_no is not None:
        query = query.where(sa.or_(cases.c.case_no == wanted.case_no, _p.first_case == wanted.case_no))
    if wanted.after is not None:
        query = query.where(stands_behind(_p.proposed_at, _p.case_id, wanted.after))
    if wanted.sight is not None:
        query = query.where(*seen_by(wanted.sight, connection.dialect.name))
    return list(connection.execute(query).all())


def of_cases(connection: sa.Connection, ids: Sequence[int]) -> list[Any]:
    """What was proposed of these cases, whatever became of it."""
    return list(connection.execute(_OF_CASES, {"ids": list(ids)}).all()) if ids else []


def undecided(connection: sa.Connection, ids: Sequence[int]) -> dict[int, str]:
    """Those of these cases about which a person has to decide, each with the case that it seems to repeat."""
    return (
        {row.case_id: row.first_case for row in connection.execute(_OPEN_OF_CASES, {"ids": list(ids)})} if ids else {}
    )
