"""`register_equipment` and `get_equipment` (MA-1)."""

from typing import Any, Final

import sqlalchemy as sa

from services.maintenance.domain.equipment import Equipment, differences
from services.maintenance.handlers.house import House
from services.maintenance.handlers.wire import (
    defect_json,
    equipment_json,
    equipment_number,
    order_json,
    plain,
    plan_json,
)
from services.maintenance.storage import equipment, findings, orders, plans
from shared.base.database import UnitOfWork
from shared.kernel.errors import Conflict, NotFound

Answer = dict[str, Any]
SHOWN: Final = 50
"""Orders and slots of a piece of equipment that are shown, the latest first."""


def register_equipment(house: House, uow: UnitOfWork, request: Answer) -> Answer:
    """Put a piece of equipment on file; its serial number again is the same piece, and nothing is changed."""
    added = equipment.add(uow.connection, {**_row(request), "registered_at": uow.now})
    kept = equipment.by_serial(uow.connection, request["serial_no"])
    if kept is None:
        raise Conflict(f"equipment {request['serial_no']} is being registered by somebody else; try again")
    zone = house.days(kept.region).work.zone
    again = {} if added else {"differs": differences(kept, request)}
    return equipment_json(kept, zone) | {"duplicate": added is None} | again


def _row(request: Answer) -> Answer:
    empty: Answer = {"customer": None, "site": None, "installed_on": None, "warranty_until": None, "administrator": {}}
    return empty | request


def find_equipment(connection: sa.Connection, wire_id: str, *, lock: bool = False) -> Equipment:
    """A piece of equipment by the id that others know; raises NotFound."""
    found = equipment.find(connection, equipment_number(wire_id), lock=lock)
    if found is None:
        raise NotFound(f"no equipment {wire_id}", {"equipment_id": wire_id})
    return found


def get_equipment(house: House, connection: sa.Connection, now: Any, request: Answer) -> Answer:
    """A piece of equipment with its plans, its orders, what became of its slots, and its defects."""
    found = _asked_for(connection, request)
    days = house.days(found.region)
    zone = days.work.zone
    recent = orders.of_equipment(connection, found.id, SHOWN)
    return equipment_json(found, zone) | {
        "plans": [plan_json(plan, days) for plan in plans.active_of(connection, [found.id])],
        "orders": [order_json(order, now, zone) for order in recent],
        "slots": [_slot(row, zone) for row in plans.slots_of(connection, found.id, SHOWN)],
        "defects": [defect_json(each, zone) for each in findings.defects_of(connection, equipment=found.id)],
    }


def _asked_for(connection: sa.Connection, request: Answer) -> Equipment:
    if "equipment_id" in request:
        return find_equipment(connection, request["equipment_id"])
    found = equipment.by_serial(connection, request["serial_no"])
    if found is None:
        raise NotFound(f"no equipment with serial number {request['serial_no']}", {"serial_no": request["serial_no"]})
    return found


def _slot(row: Any, zone: Any) -> Answer:
    told = {
        name: plain(row[name], zone) for name in ("level", "slot", "day", "due_on", "outcome", "decided_at", "reason")
    }
    if row["into_plan"] is not None:
        told["into"] = {"plan_id": f"P{row['into_plan']}", "slot": row["into_slot"]}
    return {name: value for name, value in told.items() if value is not None} | {"plan_id": f"P{row['plan_id']}"}
