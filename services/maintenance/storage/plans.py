"""Plans, and the ledger of what became of each slot: written once, and changed only when a visit takes one over."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.maintenance.domain.planning import MERGED, Plan, Slot
from services.maintenance.storage.tables import plans, slots

_p, _s = plans.c, slots.c
_FIELDS: Final = ("id", "equipment_id", "level", "period", "anchor", "until", "first_slot", "next_slot")
COLUMNS: Final = tuple(_p[name] for name in _FIELDS)
_ADVANCE: Final = plans.update().where(_p.id == sa.bindparam("its_id")).values(next_slot=sa.bindparam("its_next"))
_TAKEN_OVER: Final = (
    slots.update()
    .where(_s.plan_id == sa.bindparam("its_plan"), _s.slot == sa.bindparam("its_slot"))
    .values(
        outcome=MERGED,
        into_plan=sa.bindparam("plan"),
        into_slot=sa.bindparam("number"),
        reason=sa.bindparam("why"),
        decided_at=sa.bindparam("now"),
    )
)


def active_of(connection: sa.Connection, equipment_ids: Iterable[int]) -> list[Plan]:
    """The plans in force of these pieces of equipment, the oldest first."""
    query = sa.select(*COLUMNS).where(_p.active, _p.equipment_id.in_(list(equipment_ids))).order_by(_p.id)
    return [Plan(**row) for row in connection.execute(query).mappings()]


def add(connection: sa.Connection, plan: Plan, set_at: datetime, set_by: str) -> int:
    """Keep a new plan in force; its id."""
    row = {name: getattr(plan, name) for name in _FIELDS if name != "id"}
    values = {**row, "active": True, "set_at": set_at, "set_by": set_by}
    added: int = connection.execute(plans.insert().values(values).returning(_p.id)).scalar_one()
    return added


def find(connection: sa.Connection, plan_id: int) -> Plan:
    """A plan, in force or not."""
    return Plan(**connection.execute(sa.select(*COLUMNS).where(_p.id == plan_id)).mappings().one())


def end(connection: sa.Connection, plan_id: int) -> None:
    """The plan is in force no longer; its slots and orders stay on file."""
    connection.execute(plans.update().where(_p.id == plan_id).values(active=False))


def advance(connection: sa.Connection, advanced: Sequence[Plan]) -> None:
    """Note which slot of each plan is decided next."""
    if advanced:
        connection.execute(_ADVANCE, [{"its_id": each.id, "its_next": each.next_slot} for each in advanced])


def add_slots(connection: sa.Connection, decided: Sequence[Slot], now: datetime) -> None:
    """Write down what became of these slots."""
    if decided:
        connection.execute(slots.insert(), [_row(each, now) for each in decided])


def _row(slot: Slot, now: datetime) -> dict[str, Any]:
    into_plan, into_slot = slot.into or (None, None)
    return {
        "plan_id": slot.plan.id,
        "slot": slot.number,
        "day": slot.plan.day(slot.number),
        "due_on": slot.due_on,
        "outcome": slot.outcome,
        "into_plan": into_plan,
        "into_slot": into_slot,
        "reason": slot.reason,
        "decided_at": now,
    }


def take_over(connection: sa.Connection, taken: Sequence[tuple[int, int, Slot, str]], now: datetime) -> None:
    """Note that the visit of a bigger slot does for these (plan, slot, bigger slot, reason) that had orders."""
    rows = [
        {"its_plan": plan, "its_slot": slot, "plan": by.plan.id, "number": by.number, "why": why, "now": now}
        for plan, slot, by, why in taken
    ]
    if rows:
        connection.execute(_TAKEN_OVER, rows)


def left_by(connection: sa.Connection, plan: Plan, cancelled: Sequence[int]) -> list[tuple[int, int]]:
    """Slots (plan, slot) that counted on visits of this plan which now never come: undecided or cancelled ones."""
    never = sa.or_(_s.into_slot >= plan.next_slot, _s.into_slot.in_(list(cancelled)))
    query = (
        sa.select(_s.plan_id, _s.slot)
        .join(plans, _p.id == _s.plan_id)
        .where(_p.active, _p.id != plan.id, _s.into_plan == plan.id, never)
        .order_by(_s.day)
    )
    return [(row.plan_id, row.slot) for row in connection.execute(query)]


def decide_anew(connection: sa.Connection, slot: Slot, now: datetime) -> None:
    """Write down what became of a slot after all."""
    row = _row(slot, now)
    its = (_s.plan_id == row["plan_id"], _s.slot == row["slot"])
    connection.execute(slots.update().where(*its).values(row))


def slots_of(connection: sa.Connection, equipment_id: int, limit: int) -> list[Mapping[str, Any]]:
    """The newest decided slots of a piece of equipment, the latest day first."""
    query = (
        sa.select(slots, _p.level)
        .join(plans, _p.id == _s.plan_id)
        .where(_p.equipment_id == equipment_id)
        .order_by(_s.day.desc(), _s.plan_id, _s.slot)
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
