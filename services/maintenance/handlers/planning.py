"""Slots whose lead time is reached become orders; set by set, each slot once (MA-3)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol, TypeVar

from services.maintenance.domain.equipment import Equipment
from services.maintenance.domain.order import CANCELLED, PLANNED, Order, order_no
from services.maintenance.domain.planning import MADE, Decided, Slot, decide, planned_at
from services.maintenance.handlers.house import House
from services.maintenance.handlers.wire import VOICE, order_event
from services.maintenance.storage import equipment, orders, plans
from services.maintenance.storage.orders import row_of
from shared.base.database import UnitOfWork

BY: Final = "system:maintenance"
TIMERS_SIGNAL: Final = "timers"


NO_APPOINTMENT: Final[dict[str, Any]] = {"technician": None, "visit_at": None, "visit_until": None}


class OfEquipment(Protocol):
    """Whatever belongs to a piece of equipment."""

    @property
    def equipment_id(self) -> int:
        """Its id."""


T = TypeVar("T", bound=OfEquipment)


def plan_due(house: House, uow: UnitOfWork, limit: int) -> int:
    """Decide the slots whose time has come, of at most `limit` pieces of equipment; of how many."""
    pieces = equipment.claim_due(uow.connection, uow.now, limit)
    if pieces:
        plan_ahead(house, uow, pieces)
    return len(pieces)


def plan_ahead(house: House, uow: UnitOfWork, pieces: Sequence[Equipment]) -> None:
    """Decide every slot of these pieces whose time has come; they must be locked."""
    ids = [each.id for each in pieces]
    in_force = _by_equipment(plans.active_of(uow.connection, ids))
    waiting = _by_equipment(orders.waiting_of(uow.connection, ids))
    decided = {
        each.id: decide(house.rules(each.region), in_force[each.id], waiting[each.id], uow.now) for each in pieces
    }
    slots = [slot for each in decided.values() for slot in each.slots]
    plans.add_slots(uow.connection, slots, uow.now)
    plans.advance(uow.connection, [plan for each in decided.values() for plan in each.plans])
    equipment.set_plan_at(uow.connection, [(each.id, _next(house, each, decided[each.id])) for each in pieces])
    there = {each.id: each for each in pieces}
    make(house, uow, slots, there)
    _replace(house, uow, decided.values(), there)


def make(house: House, uow: UnitOfWork, slots: Iterable[Slot], there: dict[int, Equipment]) -> None:
    """Make the orders of the slots that become one, and say so."""
    rows = [_row(slot, there[slot.plan.equipment_id], uow) for slot in slots if slot.outcome == MADE]
    _say_planned(house, uow, orders.add(uow.connection, rows), there)


def restore(house: House, uow: UnitOfWork, order: Order, slot: Slot, piece: Equipment) -> None:
    """Plan an order again that a bigger visit had taken over: under its number, with nothing of its first time."""
    values = {**NO_APPOINTMENT, **_row(slot, piece, uow)}
    del values["version"], values["changed_at"]  # they go on
    _say_planned(house, uow, [orders.change(uow.connection, order, uow.now, **values)], {piece.id: piece})


def _say_planned(house: House, uow: UnitOfWork, made: Sequence[Order], there: dict[int, Equipment]) -> None:
    orders.note_steps(uow.connection, [(order, "plan", BY, order.reason) for order in made], uow.now)
    VOICE.stage(
        uow,
        [
            order_event(house, "order.planned.v1", each, there[each.equipment_id], uow.now, by=BY, at=uow.now)
            for each in made
        ],
    )
    if made:
        uow.signal(TIMERS_SIGNAL)


def _row(slot: Slot, piece: Equipment, uow: UnitOfWork) -> dict[str, Any]:
    plan, times = slot.plan, slot.times
    if times is None:
        raise ValueError("a slot that becomes an order has its times")
    mark = times.first_mark(uow.now)
    return {
        "order_no": order_no(plan.id, slot.number),
        "plan_id": plan.id,
        "slot": slot.number,
        "equipment_id": plan.equipment_id,
        "level": plan.level,
        "region": piece.region,
        "slot_day": plan.day(slot.number),
        "state": PLANNED,
        "version": 1,
        **row_of(times),
        "postponed": 0,
        "rounds": 0,
        "reason": slot.reason,
        "changed_at": uow.now,
        "next_mark": mark,
        "next_at": times.instants()[mark],
    }


def _replace(house: House, uow: UnitOfWork, decided: Iterable[Decided], there: dict[int, Equipment]) -> None:
    """A bigger visit does for smaller ones that nobody has begun: their orders are cancelled."""
    taken = []
    for order, by in [pair for each in decided for pair in each.replaced]:
        bigger = order_no(by.plan.id, by.number)
        reason = f"contained in {bigger}, the {by.plan.level} visit of the same time"
        taken.append((order.plan_id, order.slot, by, reason))
        cancel(house, uow, order, there[order.equipment_id], reason)
    plans.take_over(uow.connection, taken, uow.now)


def cancel(house: House, uow: UnitOfWork, order: Order, piece: Equipment, reason: str) -> None:
    """Nobody will come for this order; its appointment is free again."""
    values = {"state": CANCELLED, "reason": reason, "next_mark": None, "next_at": None}
    cancelled = orders.change(uow.connection, order, uow.now, **values)
    orders.note_steps(uow.connection, [(cancelled, "cancel", BY, reason)], uow.now)
    VOICE.stage(uow, [order_event(house, "order.cancelled.v1", cancelled, piece, uow.now, by=BY, at=uow.now)])


def _next(house: House, piece: Equipment, decided: Decided) -> Any:
    rules = house.rules(piece.region)
    return min((at for plan in decided.plans if (at := planned_at(rules, plan)) is not None), default=None)


def _by_equipment(things: Iterable[T]) -> defaultdict[int, list[T]]:
    grouped: defaultdict[int, list[T]] = defaultdict(list)
    for each in things:
        grouped[each.equipment_id].append(each)
    return grouped
