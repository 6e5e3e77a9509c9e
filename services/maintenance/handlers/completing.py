"""`complete_order`: the checklist is answered item by item; what failed is a defect, and a repair for intake (MA-5)."""

from collections.abc import Mapping
from typing import Any

from services.maintenance.domain.answers import FAILED, Answer, Given, answered
from services.maintenance.domain.order import Order, next_state
from services.maintenance.handlers.house import House
from services.maintenance.handlers.stepping import equipment_of, locked, step, told
from services.maintenance.handlers.wire import VOICE, defect_json, order_event
from services.maintenance.storage import findings
from shared.base.database import UnitOfWork
from shared.events import Event

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
    now_done = step(house, uow, order, ("complete", by, request.get("note")), state=state, reason=None, **done)
    _say(house, uow, now_done, answers)
    zone = house.days(order.region).work.zone
    defects = findings.defects_of(uow.connection, found_by=[order.id])
    return told(house, uow, now_done) | {"defects": [defect_json(each, zone) for each in defects]}


def _say(house: House, uow: UnitOfWork, done: Order, answers: list[Answer]) -> None:
    """Say that the order is done and what was found; an item that had failed before is told once."""
    failed = [answer for answer in answers if answer.result == FAILED]
    found = findings.add_defects(uow.connection, done, failed, uow.now)
    piece = equipment_of(uow, done)

    def event(name: str, **more: Any) -> Event:
        return order_event(house, name, done, piece, uow.now, by=done.completed_by, at=uow.now, **more)

    VOICE.stage(
        uow,
        [event("order.completed.v1"), *(event("defect.found.v1", defect=_as_event(each)) for each in found)],
    )


def _as_event(defect: Mapping[str, Any]) -> Wire:
    return {name: defect[name] for name in ("defect_id", "item", "text", "note", "reading")}
