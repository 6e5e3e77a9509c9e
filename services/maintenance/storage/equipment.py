"""The file of equipment."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.maintenance.domain.equipment import Equipment, serial_key
from services.maintenance.storage.tables import equipment, messaging
from shared.outbox.firing import is_free

_e: Final = equipment.c
COLUMNS: Final = tuple(each for each in _e if each.name not in ("serial_key", "plan_at"))
_KEY: Final = sa.cast(_e.id, sa.String)
_FREE: Final = is_free(messaging, "maintenance", _KEY)
_NEXT: Final = sa.select(_e.plan_at).where(_e.plan_at.is_not(None), _FREE).order_by(_e.plan_at).limit(1)
_DUE: Final = (
    sa.select(*COLUMNS)
    .where(_e.plan_at <= sa.bindparam("now"))
    .order_by(_e.plan_at, _e.id)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM: Final = _DUE.where(_FREE)
_CLAIM_ONE: Final = _DUE.where(_e.id == sa.bindparam("its_id"))
_KEYS: Final = sa.select(_KEY).where(_e.plan_at <= sa.bindparam("now"), _FREE).limit(sa.bindparam("most"))
_PLAN_AT: Final = equipment.update().where(_e.id == sa.bindparam("its_id")).values(plan_at=sa.bindparam("its_plan_at"))


def equipment_of(row: Mapping[str, Any] | sa.RowMapping) -> Equipment:
    """The equipment of a row."""
    return Equipment(**{each.name: row[each.name] for each in COLUMNS})


def add(connection: sa.Connection, described: Mapping[str, Any]) -> int | None:
    """Keep a new piece of equipment; its id, or None when the serial number is on file already."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    row = {**described, "serial_key": serial_key(described["serial_no"])}
    insert = dialect.insert(equipment).values(row).on_conflict_do_nothing(index_elements=[_e.serial_key])
    added: int | None = connection.scalar(insert.returning(_e.id))
    return added


def find(connection: sa.Connection, equipment_id: int, *, lock: bool = False) -> Equipment | None:
    """A piece of equipment by its id; `lock` keeps its plans from being decided meanwhile."""
    query = sa.select(*COLUMNS).where(_e.id == equipment_id)
    row = connection.execute(query.with_for_update() if lock else query).mappings().first()
    return equipment_of(row) if row else None


def by_serial(connection: sa.Connection, serial_no: str) -> Equipment | None:
    """A piece of equipment by its serial number, however it is written."""
    row = connection.execute(sa.select(*COLUMNS).where(_e.serial_key == serial_key(serial_no))).mappings().first()
    return equipment_of(row) if row else None


def of_ids(connection: sa.Connection, ids: Iterable[int]) -> dict[int, Equipment]:
    """Several pieces by their ids."""
    rows = connection.execute(sa.select(*COLUMNS).where(_e.id.in_(list(set(ids))))).mappings()
    return {row["id"]: equipment_of(row) for row in rows}


def has_site(connection: sa.Connection, site: str) -> bool:
    """Whether anything stands at the site."""
    return connection.scalar(sa.select(sa.exists().where(_e.site == site))) or False


def next_plan_at(connection: sa.Connection) -> datetime | None:
    """The instant at which the next slot of all has to be decided."""
    found: datetime | None = connection.scalar(_NEXT)
    return found


def claim_due(connection: sa.Connection, now: datetime, limit: int) -> list[Equipment]:
    """Equipment with slots to decide by now, locked; what another replica has is passed over."""
    return [equipment_of(row) for row in connection.execute(_CLAIM, {"now": now, "most": limit}).mappings()]


def claim_one(connection: sa.Connection, now: datetime, equipment_id: int) -> list[Equipment]:
    """This piece if it has slots to decide by now, locked."""
    wanted = {"now": now, "most": 1, "its_id": equipment_id}
    return [equipment_of(row) for row in connection.execute(_CLAIM_ONE, wanted).mappings()]


def due_keys(connection: sa.Connection, now: datetime, limit: int) -> list[str]:
    """The ids of equipment with slots to decide by now, in digits."""
    return list(connection.scalars(_KEYS, {"now": now, "most": limit}))


def set_plan_at(connection: sa.Connection, instants: Sequence[tuple[int, datetime | None]]) -> None:
    """When the next slot of each of these is decided."""
    if instants:
        connection.execute(_PLAN_AT, [{"its_id": each, "its_plan_at": at} for each, at in instants])


def count_by_region(connection: sa.Connection) -> dict[str, int]:
    """How much equipment stands in each region."""
    query = sa.select(_e.region, sa.func.count()).group_by(_e.region)
    return {region: count for region, count in connection.execute(query)}
