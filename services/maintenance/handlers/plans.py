"""`set_plan`: how often a level of upkeep is done at a piece of equipment (MA-2, MA-3)."""

from datetime import date
from typing import Any

from services.maintenance.domain.equipment import Equipment
from services.maintenance.domain.grid import first_slot_from
from services.maintenance.domain.order import Order, order_no
from services.maintenance.domain.planning import MADE, Plan, decide_again
from services.maintenance.handlers.equipping import find_equipment
from services.maintenance.handlers.house import House
from services.maintenance.handlers.planning import BY, TIMERS_SIGNAL, cancel, make, plan_ahead, restore
from services.maintenance.handlers.wire import plan_json
from services.maintenance.storage import orders, plans
from shared.base.database import UnitOfWork
from shared.kernel.errors import Invalid

Answer = dict[str, Any]
NEW = 0
"""The id of a plan that is not kept yet."""


def set_plan(house: House, uow: UnitOfWork, request: Answer) -> Answer:
    """Set the plan of a level, in place of the one before; the same plan again changes nothing.

    Slots that lie before today are none of the plan's: it begins now. Raises Invalid for a plan that never fires.
    """
    piece = find_equipment(uow.connection, request["equipment_id"], lock=True)
    days = house.days(piece.region)
    by = house.vouch(request.get("by", BY))
    asked = _plan(house, piece, request, days.today(uow.now))
    before = {plan.level: plan for plan in plans.active_of(uow.connection, [piece.id])}.get(asked.level)
    if before is not None and _same(before, asked, request):
        return plan_json(before, days) | {"changed": False, "cancelled": []}
    if before is not None:
        plans.end(uow.connection, before.id)
    plan_id = plans.add(uow.connection, asked, uow.now, by)
    cancelled = _end(house, uow, piece, before, plan_id) if before is not None else []
    plan_ahead(house, uow, [piece])
    uow.signal(TIMERS_SIGNAL)
    told = plan_json(plans.find(uow.connection, plan_id), days)
    return told | {"changed": True, "cancelled": [order.order_no for order in cancelled]}


def _plan(house: House, piece: Equipment, request: Answer, today: date) -> Plan:
    level = house.policy.levels[request["level"]]
    period = request.get("period", level.period)
    # Without an anchor the first visit is a period after the installation, not on its day.
    anchor, least = (request["anchor"], 0) if "anchor" in request else (piece.installed_on or today, 1)
    first = max(least, first_slot_from(anchor, period, today))
    plan = Plan(
        id=NEW,
        equipment_id=piece.id,
        level=level.name,
        period=period,
        anchor=anchor,
        first_slot=first,
        next_slot=first,
        until=request.get("until"),
    )
    if not plan.has(first):
        why = f"the plan never fires: its first slot would be on {plan.day(first)}; write that day, a later one or none"
        raise Invalid.field("until", why)
    return plan


def _same(before: Plan, asked: Plan, request: Answer) -> bool:
    same_grid = "anchor" not in request or before.anchor == asked.anchor
    return same_grid and (before.period, before.until) == (asked.period, asked.until)


def _end(house: House, uow: UnitOfWork, piece: Equipment, plan: Plan, by: int) -> list[Order]:
    """Cancel the plan's orders that nobody has begun and that are not past due; those tell their own story."""
    waiting = orders.waiting_of(uow.connection, [piece.id])
    ended = [order for order in waiting if order.plan_id == plan.id and not order.is_past_due(uow.now)]
    for order in ended:
        cancel(house, uow, order, piece, f"its plan was replaced by P{by}")
    _give_back(house, uow, piece, plan, [order.slot for order in ended])
    return ended


def _give_back(house: House, uow: UnitOfWork, piece: Equipment, plan: Plan, cancelled: list[int]) -> None:
    """Smaller slots that counted on visits of the plan that never come are decided anew: none is lost."""
    in_force = {each.id: each for each in plans.active_of(uow.connection, [piece.id])}
    rules = house.rules(piece.region)
    for plan_id, number in plans.left_by(uow.connection, plan, cancelled):
        slot = decide_again(rules, in_force[plan_id], number, list(in_force.values()), uow.now)
        plans.decide_anew(uow.connection, slot, uow.now)
        order = orders.lock(uow.connection, order_no(plan_id, number))
        if order is None:
            make(house, uow, [slot], {piece.id: piece})
        elif slot.outcome == MADE:
            restore(house, uow, order, slot, piece)
