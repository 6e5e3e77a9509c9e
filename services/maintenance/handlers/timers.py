"""What time does: slots become orders when their lead time is reached, orders fall due (MA-3, MA-6)."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from services.maintenance.domain.order import DUE, DUE_SOON, MISS, OVERDUE
from services.maintenance.handlers.house import House
from services.maintenance.handlers.planning import BY, plan_due
from services.maintenance.handlers.wire import VOICE, order_event
from services.maintenance.storage import equipment, marks, orders
from shared.base.database import UnitOfWork

BATCH: Final = 200
WHY_MISSED: Final = "nobody began before the next slot was due"
EVENTS: Final = {
    DUE_SOON: "order.due_soon.v1",
    DUE: "order.due.v1",
    OVERDUE: "order.overdue.v1",
    MISS: "order.missed.v1",
}


def next_due(connection: sa.Connection) -> datetime | None:
    """The instant of the earliest slot to decide or mark to set."""
    instants = (equipment.next_plan_at(connection), marks.next_at(connection))
    return min((each for each in instants if each is not None), default=None)


def fire_due(house: House, uow: UnitOfWork, limit: int = BATCH) -> int:
    """Decide slots and set marks whose time has come, at most `limit` of each; how many. Replicas share them."""
    return plan_due(house, uow, limit) + _set_marks(house, uow, limit)


def _set_marks(house: House, uow: UnitOfWork, limit: int) -> int:
    claimed = marks.claim_due(uow.connection, uow.now, limit)
    if not claimed:
        return 0
    fired = marks.fire(uow.connection, claimed, uow.now, WHY_MISSED)
    there = equipment.of_ids(uow.connection, [order.equipment_id for order, _ in fired])
    orders.note_steps(uow.connection, [(order, mark, BY, None) for order, mark in fired], uow.now)
    VOICE.stage(
        uow,
        [
            order_event(house, EVENTS[mark], order, there[order.equipment_id], uow.now, at=uow.now)
            for order, mark in fired
        ],
    )
    return len(claimed)
