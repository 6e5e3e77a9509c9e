"""The forms on the wire: equipment, plans, orders and their events (contracts 4, 5)."""

import re
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Any, Final

from services.maintenance.domain.days import Days
from services.maintenance.domain.equipment import DESCRIBED, Equipment
from services.maintenance.domain.order import Order
from services.maintenance.domain.planning import Plan
from services.maintenance.handlers.house import House
from services.maintenance.storage.tables import messaging
from shared.events import Event
from shared.kernel.errors import NotFound
from shared.kernel.instants import format_instant
from shared.outbox import Voice

Wire = dict[str, Any]
VOICE: Final = Voice("maintenance", messaging.outbox)
UPCOMING: Final = 3
"""Slots of a plan that are told ahead."""


def equipment_id(number: int) -> str:
    """The id of a piece of equipment."""
    return f"E{number}"


def equipment_number(text: str) -> int:
    """The number in an equipment id; raises NotFound where nothing has such an id."""
    if not re.fullmatch(r"E[1-9]\d{0,17}", text, re.ASCII):
        raise NotFound(f"no equipment {text}", {"equipment_id": text})
    return int(text[1:])


def plain(value: Any, zone: tzinfo) -> Any:
    """A value as JSON has it: instants with the zone's offset, dates as text."""
    if isinstance(value, datetime):
        return format_instant(value, zone)
    return value.isoformat() if isinstance(value, date) else value


def given(wire: Mapping[str, Any], zone: tzinfo) -> Wire:
    """What there is of these."""
    return {name: plain(value, zone) for name, value in wire.items() if value not in (None, {})}


def equipment_json(equipment: Equipment, zone: tzinfo) -> Wire:
    """A piece of equipment with everything on file."""
    described = {name: getattr(equipment, name) for name in DESCRIBED}
    return given(
        {"equipment_id": equipment_id(equipment.id), **described, "registered_at": equipment.registered_at}, zone
    )


def plan_json(plan: Plan, days: Days) -> Wire:
    """A plan, and the days of its next slots; a slot that is decided already is an order."""
    numbers = range(plan.next_slot, plan.next_slot + UPCOMING)
    coming = [(number, plan.day(number)) for number in numbers if plan.has(number)]
    return given(
        {
            "plan_id": f"P{plan.id}",
            "equipment_id": equipment_id(plan.equipment_id),
            "level": plan.level,
            "period": plan.period,
            "anchor": plan.anchor,
            "until": plan.until,
            "first_slot": plan.first_slot,
            "next_slot": plan.next_slot,
        },
        days.work.zone,
    ) | {
        "upcoming": [
            {"slot": number, "day": day.isoformat(), "due_on": days.workday_from(day).isoformat()}
            for number, day in coming
        ]
    }


def order_json(order: Order, now: datetime, zone: tzinfo) -> Wire:
    """An order as it stands."""
    return given(
        {
            "order_no": order.order_no,
            "equipment_id": equipment_id(order.equipment_id),
            "plan_id": f"P{order.plan_id}",
            "level": order.level,
            "slot": order.slot,
            "slot_day": order.slot_day,
            "state": order.state,
            "version": order.version,
            "region": order.region,
            "due_on": order.times.due_on,
            "due_at": order.times.due_at,
            "overdue": order.is_past_due(now),
            "technician": order.technician,
            "visit_at": order.visit_at,
            "visit_until": order.visit_until,
            "postponed": order.postponed,
            "overdue_at": order.overdue_at,
            "completed_at": order.completed_at,
            "completed_by": order.completed_by,
            "reason": order.reason,
        },
        zone,
    )


def defect_json(defect: Mapping[str, Any], zone: tzinfo) -> Wire:
    """A defect, with its repair case as far as it is known (MA-5)."""
    names = ("defect_id", "item", "text", "note", "reading", "found_at", "case_no", "case_state")
    return given({name: defect[name] for name in names}, zone)


def order_event(house: House, change: str, order: Order, equipment: Equipment, now: datetime, **more: Any) -> Event:
    """What is said of an order; ordered by its version."""
    zone = house.days(order.region).work.zone
    wanted = ("equipment_id", "model", "serial_no", "site", "region", "administrator")
    told = equipment_json(equipment, zone)
    data = {
        "order": order_json(order, now, zone),
        "equipment": {name: told[name] for name in wanted if name in told},
        **given(more, zone),
    }
    return Event(change, order.order_no, order.version, data)
