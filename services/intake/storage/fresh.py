"""Cases that nobody has looked at since they were registered: found by state, so what a crash left is found again."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from services.intake.storage.repository import Kept, kept_of
from services.intake.storage.tables import MESSAGING, cases, fresh
from shared.base.database import UnitOfWork
from shared.outbox.firing import is_free

AFTER_REGISTRATION: Final = "after-registration"
"""Under which a case is held that could not be looked at, and the signal that there is a new one."""

LOCK: Final = 0x61667465
"""The key of the advisory lock; any number that nobody else in this database uses."""

# Outer, though every fresh case is there: so no planner begins with all the cases there are, as SQLite's did.
_ITS_CASE: Final = sa.outerjoin(fresh, cases, cases.c.id == fresh.c.case_id)
_FREE: Final = is_free(MESSAGING, "intake", cases.c.case_no, AFTER_REGISTRATION)
_WAITS: Final = sa.select(sa.exists(sa.select(fresh.c.case_id).select_from(_ITS_CASE).where(_FREE)))
_KEYS: Final = (
    sa.select(cases.c.case_no).select_from(_ITS_CASE).where(_FREE).order_by(fresh.c.case_id).limit(sa.bindparam("most"))
)
# What is locked is that they are fresh: steps of these cases go on meanwhile.
_FRESH: Final = sa.select(cases).select_from(_ITS_CASE).with_for_update(skip_locked=True, of=fresh)
_CLAIM: Final = _FRESH.where(_FREE).order_by(fresh.c.case_id).limit(sa.bindparam("most"))
_CLAIM_ONE: Final = _FRESH.where(cases.c.case_no == sa.bindparam("case_no"))
_ADD: Final = fresh.insert()
_SETTLE: Final = fresh.delete().where(fresh.c.case_id.in_(sa.bindparam("ids", expanding=True)))


def add(uow: UnitOfWork, case_ids: Sequence[int]) -> None:
    """These were registered just now; a sink, so that those of one transaction are one statement."""
    uow.connection.execute(_ADD, [{"case_id": case_id} for case_id in case_ids])


def take_turns(connection: sa.Connection) -> None:
    """One at a time decides about cases: whoever waited sees what the others did (until the end of the transaction)."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")


def waits(connection: sa.Connection) -> bool:
    """Whether there is one that is not held."""
    return bool(connection.scalar(_WAITS))


def keys(connection: sa.Connection, _now: datetime, most: int) -> list[str]:
    """The numbers of those that are not held, oldest first; locks nothing."""
    return list(connection.scalars(_KEYS, {"most": most}))


def claim(connection: sa.Connection, most: int) -> list[Kept]:
    """Those that are neither held nor in the hands of another replica; nobody else gets them."""
    return [kept_of(row) for row in connection.execute(_CLAIM, {"most": most}).mappings()]


def claim_one(connection: sa.Connection, case_no: str) -> list[Kept]:
    """This one, held or not; empty when it was looked at meanwhile."""
    return [kept_of(row) for row in connection.execute(_CLAIM_ONE, {"case_no": case_no}).mappings()]


def settle(connection: sa.Connection, ids: Iterable[int]) -> None:
    """These were looked at."""
    connection.execute(_SETTLE, {"ids": list(ids)})
