"""What time does: slots become orders when their lead time is reached, orders fall due (MA-3, MA-6)."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

import sqlalchemy as sa

from services.maintenance.domain.order import DUE, DUE_SOON, MISS, OVERDUE, Order
from services.maintenance.handlers.house import House
from services.maintenance.handlers.planning import BY, plan_ahead, plan_due
from services.maintenance.handlers.wire import VOICE, order_event
from services.maintenance.storage import equipment, marks, orders
from shared.base.database import UnitOfWork
from shared.outbox.firing import Due

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
    return plan_due(house, uow, limit) + _set_marks(house, uow, marks.claim_due(uow.connection, uow.now, limit))


def timers(house: House) -> Due:
    """How what is due happens: together, or when that fails each piece of equipment and each order alone."""
    return Due(fire=partial(fire_due, house), keys=_keys, fire_one=partial(_fire_one, house))


def _keys(connection: sa.Connection, now: datetime) -> list[str]:
    """Ids of equipment are all digits; numbers of orders never are."""
    return equipment.due_keys(connection, now, BATCH) + marks.due_keys(connection, now, BATCH)


def _fire_one(house: House, uow: UnitOfWork, key: str) -> None:
    if key.isdecimal():
        pieces = equipment.claim_one(uow.connection, uow.now, int(key))
        if pieces:
            plan_ahead(house, uow, pieces)
    else:
        _set_marks(house, uow, marks.claim_one(uow.connection, uow.now, key))


def _set_marks(house: House, uow: UnitOfWork, claimed: Sequence[Order]) -> int:
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
