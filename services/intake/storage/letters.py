"""All SQL about letters."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.intake.storage.repository import Kept, kept_of
from services.intake.storage.tables import cases, letters

Row = Mapping[Any, Any]
Spot = tuple[str, int, int]
"""A mailbox, its UIDVALIDITY, and the UID there."""

CASE: Final = "case"
JOINED: Final = "joined"
ASIDE: Final = "aside"
FAILED: Final = "failed"
STATES: Final = (CASE, JOINED, ASIDE, FAILED)

_c: Final = letters.c
_CHUNK: Final = 500
_ADD: Final = {
    "sqlite": sqlite.insert(letters).on_conflict_do_nothing().returning(_c.id),
    "postgresql": postgresql.insert(letters).on_conflict_do_nothing().returning(_c.id),
}
_SEE: Final = letters.update().where(
    _c.message_id == sa.bindparam("its_message_id"), _c.digest == sa.bindparam("its_digest")
)
_OF_MAILBOX: Final = sa.select(_c.uid).where(
    _c.mailbox == sa.bindparam("mailbox"),
    _c.uid_validity == sa.bindparam("validity"),
    _c.uid.in_(sa.bindparam("uids", expanding=True)),
)
_HAS_ID: Final = sa.select(
    sa.exists(sa.select(_c.id).where(_c.message_id == sa.bindparam("message_id"), _c.id != sa.bindparam("other")))
)
_SENT_LATELY: Final = (
    sa.select(sa.func.count())
    .select_from(letters)
    .where(_c.sender == sa.bindparam("sender"), _c.arrived_at > sa.bindparam("since"), _c.id != sa.bindparam("other"))
)
_CASES_OF: Final = sa.select(_c.message_id, _c.case_no).where(
    _c.message_id.in_(sa.bindparam("ids", expanding=True)), _c.case_no.is_not(None)
)
_CASES: Final = sa.select(cases).where(cases.c.case_no.in_(sa.bindparam("numbers", expanding=True)))
_BY_ID: Final = sa.select(letters).where(_c.id == sa.bindparam("its_id"))
_UNTOLD: Final = (
    sa.select(_c.id, _c.bounced, _c.why).where(_c.bounced.is_not(None), _c.told_at.is_(None)).order_by(_c.id).limit(100)
)


def add(connection: sa.Connection, row: Row) -> int | None:
    """Keep a letter; its id, or None when it was taken before."""
    found: int | None = connection.scalar(_ADD[connection.dialect.name], row)
    return found


def see(connection: sa.Connection, row: Row) -> None:
    """Note where a letter that was taken before lies now."""
    place = {name: row[name] for name in ("mailbox", "uid_validity", "uid")}
    connection.execute(_SEE.values(place), {"its_message_id": row["message_id"], "its_digest": row["digest"]})


def settle(connection: sa.Connection, letter_id: int, **values: Any) -> None:
    """Note what became of a letter."""
    connection.execute(letters.update().where(_c.id == letter_id).values(values))


def known(connection: sa.Connection, spots: Sequence[Spot]) -> set[Spot]:
    """Those of these places whose letters were taken; all in one mailbox."""
    found: set[Spot] = set()
    for start in range(0, len(spots), _CHUNK):
        some = spots[start : start + _CHUNK]
        mailbox, validity, _ = some[0]
        asked = {"mailbox": mailbox, "validity": validity, "uids": [uid for _, _, uid in some]}
        found |= {(mailbox, validity, uid) for uid in connection.scalars(_OF_MAILBOX, asked)}
    return found


def has_message_id(connection: sa.Connection, message_id: str, letter_id: int) -> bool:
    """Whether another letter came with this Message-ID."""
    return bool(connection.scalar(_HAS_ID, {"message_id": message_id, "other": letter_id}))


def sent_since(connection: sa.Connection, sender: str, since: datetime, letter_id: int = 0) -> int:
    """How many other letters of this sender came since then."""
    asked = {"sender": sender, "since": since, "other": letter_id}
    return int(connection.scalar(_SENT_LATELY, asked) or 0)


def cases_of(connection: sa.Connection, message_ids: Sequence[str]) -> list[str]:
    """The cases that letters with these Message-IDs belong to, in the order of the ids."""
    if not message_ids:
        return []
    found = {row.message_id: row.case_no for row in connection.execute(_CASES_OF, {"ids": list(message_ids)})}
    return [found[each] for each in message_ids if each in found]


def cases_numbered(connection: sa.Connection, numbers: Collection[str]) -> dict[str, Kept]:
    """The cases of these numbers."""
    if not numbers:
        return {}
    rows = connection.execute(_CASES, {"numbers": list(numbers)}).mappings()
    return {row["case_no"]: kept_of(row) for row in rows}


def find(connection: sa.Connection, letter_id: int, *, to_change: bool = False) -> Row | None:
    """One letter."""
    query = _BY_ID.with_for_update() if to_change else _BY_ID
    return connection.execute(query, {"its_id": letter_id}).mappings().one_or_none()


def page(connection: sa.Connection, wanted: Mapping[str, Any]) -> list[Row]:
    """Letters, newest first, one more than `limit` if there are."""
    query = sa.select(letters).order_by(_c.id.desc()).limit(wanted["limit"] + 1)
    for name in ("state", "reason", "case_no", "sender"):
        if name in wanted:
            query = query.where(_c[name] == wanted[name])
    if "before" in wanted:
        query = query.where(_c.id < wanted["before"])
    return list(connection.execute(query).mappings())


def count_by_state(connection: sa.Connection) -> dict[str, int]:
    """How many letters are in each state."""
    query = sa.select(_c.state, sa.func.count()).group_by(_c.state)
    return {state: 0 for state in STATES} | {state: count for state, count in connection.execute(query)}


def untold_bounces(connection: sa.Connection) -> Iterable[Any]:
    """Delivery failures of our own mail that notify does not know of yet."""
    return connection.execute(_UNTOLD).all()
