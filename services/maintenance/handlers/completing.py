"""`complete_order`: the checklist is answered item by item; what failed is a defect, and a repair for intake (MA-5)."""

from typing import Any

from services.maintenance.domain.answers import FAILED, Answer, Given, answered
from services.maintenance.domain.order import next_state
from services.maintenance.handlers.house import House
from services.maintenance.handlers.stepping import equipment_of, locked, step
from services.maintenance.handlers.wire import VOICE, defect_json, order_event
from services.maintenance.storage import findings, orders
from shared.base.database import UnitOfWork
from shared.events import Event
from shared.kernel.errors import Invalid

Wire = dict[str, Any]


def complete_order(house: House, uow: UnitOfWork, request: Wire) -> Wire:
    """The work is done when every required item is answered; raises Invalid that names each that is not."""
    order = locked(uow, request["order_no"])
    by, state = house.vouch(request["by"]), next_state(order, "complete")
    items = house.policy.levels[order.level].items
    answers = answered(items, [Given(**each) for each in request["items"]])
    round_ = order.rounds + 1
    findings.add_answers(uow.connection, order.id, round_, answers)
    done = {"completed_at": uow.now, "completed_by": by, "rounds": round_, "next_mark": None, "next_at": None}
    told = step(house, uow, order, ("complete", by, request.get("note")), state=state, reason=None, **done)
    return told | {"defects": _tell(house, uow, order.order_no, answers, by)}


def _tell(house: House, uow: UnitOfWork, order_no: str, answers: list[Answer], by: str) -> list[Wire]:
    """Say that the order is done and what was found; an item that had failed before is told once."""
    done = orders.find(uow.connection, order_no)
    if done is None:
        raise Invalid.field("order_no", "is gone")
    piece, zone = equipment_of(uow, done), house.days(done.region).work.zone
    failed = [answer for answer in answers if answer.result == FAILED]
    found = findings.add_defects(uow.connection, done, failed, uow.now)

    def event(name: str, **more: Any) -> Event:
        return order_event(house, name, done, piece, uow.now, by=by, at=uow.now, **more)

    told = [event("defect.found.v1", defect=_as_event(defect)) for defect in found]
    VOICE.stage(uow, [event("order.completed.v1"), *told])
    return [defect_json(each, zone) for each in findings.defects_of(uow.connection, orders=[done.id])]


def _as_event(defect: Any) -> Wire:
    return {name: defect[name] for name in ("defect_id", "item", "text", "note", "reading")}
