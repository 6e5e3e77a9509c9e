"""Assignment in the database: versions of the rules, how busy people are, what could be given to nobody."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.intake.storage.assignment_tables import assignment_rules, unassigned
from services.intake.storage.repository import CaseFile, Kept, kept_of
from services.intake.storage.tables import OWNED_AND_OPEN, cases
from shared.base.paging import Place
from shared.base.where import stands_behind

_r: Final = assignment_rules.c
_NEWEST: Final = sa.select(sa.func.max(_r.version))
_BUSY: Final = (
    sa.select(cases.c.owner, sa.func.count())
    .where(sa.text(OWNED_AND_OPEN), cases.c.owner.in_(sa.bindparam("names", expanding=True)))
    .group_by(cases.c.owner)
)
_UNOWNED: Final = (cases.c.state == "registered", cases.c.owner.is_(None), cases.c.mode == "live")
_TO_CHANGE: Final = (
    sa.select(cases)
    .where(*_UNOWNED, cases.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(cases.c.id)
    .with_for_update()
)
_FORGET: Final = unassigned.delete().where(unassigned.c.case_id.in_(sa.bindparam("ids", expanding=True)))
_REASON: Final = sa.select(unassigned.c.reason).where(unassigned.c.case_id == sa.bindparam("case_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One version of the rules."""

    version: int
    name: str
    body: Mapping[str, Any]
    by: str | None
    note: str | None
    at: datetime


def newest_version(connection: sa.Connection) -> int:
    """The version that counts; 0 while none was published."""
    return connection.scalar(_NEWEST) or 0


def published(connection: sa.Connection, version: int | None = None, most: int = 1) -> list[Published]:
    """This version, or the newest ones first."""
    query = sa.select(assignment_rules).order_by(_r.version.desc()).limit(most)
    if version is not None:
        query = query.where(_r.version == version)
    return [Published(**row) for row in connection.execute(query).mappings()]


def publish(connection: sa.Connection, new: Published) -> None:
    """Keep a version; whoever publishes has the lock."""
    row = {name: getattr(new, name) for name in ("version", "name", "body", "by", "note", "at")}
    connection.execute(assignment_rules.insert(), row)


def open_cases(connection: sa.Connection, names: Collection[str]) -> dict[str, int]:
    """How many open cases these owners have; who has none is not there."""
    return {owner: count for owner, count in connection.execute(_BUSY, {"names": list(names)})}


def unowned_to_change(connection: sa.Connection, ids: Collection[int]) -> list[Kept]:
    """Those of these cases that nobody has yet, as they stand now; others who want to change them wait."""
    found = connection.execute(_TO_CHANGE, {"ids": list(ids)}).mappings().all()
    return [CaseFile(connection).with_handling(kept_of(row)) for row in found]


def unowned(connection: sa.Connection, limit: int, after: Place | None) -> list[Kept]:
    """Cases that nobody has yet, oldest first."""
    query = sa.select(cases).where(*_UNOWNED).order_by(cases.c.received_at, cases.c.id).limit(limit)
    if after is not None:
        query = query.where(stands_behind(cases.c.received_at, cases.c.id, after))
    return [kept_of(row) for row in connection.execute(query).mappings()]


def note_unassigned(connection: sa.Connection, reasons: Mapping[int, Mapping[str, Any]], at: datetime) -> None:
    """Keep why these cases could be given to nobody."""
    forget_unassigned(connection, list(reasons))
    rows = [{"case_id": case_id, "reason": reason, "at": at} for case_id, reason in reasons.items()]
    connection.execute(unassigned.insert(), rows)


def forget_unassigned(connection: sa.Connection, ids: Sequence[int]) -> None:
    """These have an owner now, or are judged anew."""
    connection.execute(_FORGET, {"ids": list(ids)})


def why_unassigned(connection: sa.Connection, case_id: int) -> Mapping[str, Any] | None:
    """Why the rules gave this case to nobody, if they did."""
    found: Mapping[str, Any] | None = connection.scalar(_REASON, {"case_id": case_id})
    return found
