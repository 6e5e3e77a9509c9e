"""What people do with an order before and after the work: appoint, start, check, put off (MA-4, MA-7)."""

from typing import Any

from services.maintenance.domain.equipment import Equipment
from services.maintenance.domain.order import OVERDUE, Order, next_state, refusal
from services.maintenance.domain.planning import times_of
from services.maintenance.domain.visits import Visit, postponed_to, visit
from services.maintenance.handlers.checklists import checklists
from services.maintenance.handlers.house import House
from services.maintenance.handlers.planning import NO_APPOINTMENT, TIMERS_SIGNAL
from services.maintenance.handlers.wire import VOICE, order_event, order_json
from services.maintenance.storage import equipment, orders, plans
from services.maintenance.storage.orders import row_of
from shared.base.database import UnitOfWork
from shared.kernel.errors import Forbidden, Invalid, NotFound

Answer = dict[str, Any]
TECHNICIAN = "technician"


def schedule_order(house: House, uow: UnitOfWork, request: Answer) -> Answer:
    """Make or move the appointment; a technician is never booked twice for one time (MA-7)."""
    order = locked(uow, request["order_no"])
    by, state = house.vouch(request["by"]), next_state(order, "schedule")
    who = _technician(house, order, request["technician"])
    rules = house.rules(order.region)
    planned = visit(rules, order, who, request["visit_at"], request.get("visit_until"), uow.now)
    _book(house, uow, order, planned)
    values = {"technician": planned.technician, "visit_at": planned.begin, "visit_until": planned.end}
    return told(house, uow, step(house, uow, order, ("schedule", by, None), state=state, reason=None, **values))


def start_order(house: House, uow: UnitOfWork, request: Answer) -> Answer:
    """Somebody is at work."""
    order = locked(uow, request["order_no"])
    by, state = house.vouch(request["by"]), next_state(order, "start")
    return told(house, uow, step(house, uow, order, ("start", by, None), state=state))


def postpone_order(house: House, uow: UnitOfWork, request: Answer) -> Answer:
    """Put the order off within the policy's limits; its appointment is free again. The grid does not move."""
    order = locked(uow, request["order_no"])
    by, state = house.vouch(request["by"]), next_state(order, "postpone")
    plan, rules = plans.find(uow.connection, order.plan_id), house.rules(order.region)
    due_on = postponed_to(rules, plan, order, request["due_on"], uow.now)
    times = times_of(rules, plan, order.slot, due_on)
    mark = times.first_mark(uow.now)
    uow.signal(TIMERS_SIGNAL)
    values = row_of(times) | NO_APPOINTMENT | {"next_mark": mark, "next_at": times.instants()[mark]}
    values |= {"state": state, "postponed": order.postponed + 1, "reason": request["reason"]}
    return told(house, uow, step(house, uow, order, ("postpone", by, request["reason"]), **values))


def check_order(house: House, uow: UnitOfWork, request: Answer) -> Answer:
    """Somebody else than who did it looks at the work; what is not passed goes back."""
    order = locked(uow, request["order_no"])
    passed = request["passed"]
    by, state = house.vouch(request["by"]), next_state(order, "check" if passed else "send_back")
    if by == order.completed_by:
        raise Forbidden(f"order {order.order_no} was done by {by}; somebody else must check it", {"by": by})
    if passed:
        return told(house, uow, step(house, uow, order, ("check", by, request.get("note")), state=state))
    if "note" not in request:
        raise Invalid.field("note", "say what was not done well; it goes back to the technician")
    again: Answer = {"reason": request["note"], "completed_at": None, "completed_by": None}
    if order.overdue_at is None:
        # Its time goes on: it may still become overdue, but never twice.
        again |= {"next_mark": OVERDUE, "next_at": order.times.due_at}
        uow.signal(TIMERS_SIGNAL)
    return told(house, uow, step(house, uow, order, ("send_back", by, request["note"]), state=state, **again))


_SAID = {"schedule": "order.scheduled.v1", "postpone": "order.postponed.v1"}


def step(house: House, uow: UnitOfWork, order: Order, taken: tuple[str, str, str | None], **values: Any) -> Order:
    """Take the step (its name, by whom, a note) and say it where others must hear; the order as it then stands."""
    name, by, note = taken
    changed = orders.change(uow.connection, order, uow.now, **values)
    orders.note_steps(uow.connection, [(changed, name, by, note)], uow.now)
    if name in _SAID:
        piece = equipment_of(uow, changed)
        VOICE.stage(uow, [order_event(house, _SAID[name], changed, piece, uow.now, by=by, at=uow.now)])
    return changed


def told(house: House, uow: UnitOfWork, order: Order) -> Answer:
    """The order as its caller is told, with the checklist that is to be answered next."""
    lines = checklists(house, uow.connection, [order])[order.id]
    return order_json(order, uow.now, house.days(order.region).work.zone) | {"checklist": lines}


def locked(uow: UnitOfWork, order_no: str) -> Order:
    """The order, to be changed; raises NotFound."""
    order = orders.lock(uow.connection, order_no)
    if order is None:
        raise NotFound(f"no order {order_no}", {"order_no": order_no})
    return order


def equipment_of(uow: UnitOfWork, order: Order) -> Equipment:
    """What the order is for."""
    return equipment.of_ids(uow.connection, [order.equipment_id])[order.equipment_id]


def _technician(house: House, order: Order, name: str) -> str:
    """The technician's id; raises Invalid for somebody who cannot be sent."""
    person = house.people.find(name)
    able = [each.id for each in house.people.with_role(TECHNICIAN, order.region)]
    if person is None and house.people.is_example:
        return house.vouch(name)
    if person is None or person.id not in able:
        whom = f"send one of: {', '.join(able)}" if able else f"nobody serves {order.region}; see coverage"
        raise Invalid.field(TECHNICIAN, f"{name} is no technician for {order.region}; {whom}")
    return person.id


def _book(house: House, uow: UnitOfWork, order: Order, planned: Visit) -> None:
    orders.book(uow.connection, planned.technician)
    other = orders.booked(uow.connection, planned.technician, planned.begin, planned.end, order.id)
    if other is not None and other.visit_at and other.visit_until:
        zone = house.days(order.region).work.zone
        busy = [each.astimezone(zone).isoformat() for each in (other.visit_at, other.visit_until)]
        why = f"{planned.technician} is at order {other.order_no} from {busy[0]} to {busy[1]}; choose another time"
        raise refusal(order, why, busy={"order_no": other.order_no, "visit_at": busy[0], "visit_until": busy[1]})
