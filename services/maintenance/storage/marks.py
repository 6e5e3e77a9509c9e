"""The marks that time sets on orders: claimed in the order of their instants, noted set by set (MA-6, design 5)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.maintenance.domain.order import DUE, DUE_SOON, MISS, MISSED, OVERDUE, WAITING, Order
from services.maintenance.storage.orders import COLUMNS, order_of
from services.maintenance.storage.tables import messaging, orders
from shared.outbox.firing import is_free

_o: Final = orders.c
_FREE: Final = is_free(messaging, "maintenance", _o.order_no)
_NEXT: Final = sa.select(_o.next_at).where(_o.next_at.is_not(None), _FREE).order_by(_o.next_at).limit(1)
_DUE: Final = (
    sa.select(*COLUMNS)
    .where(_o.next_at <= sa.bindparam("now"))
    .order_by(_o.next_at, _o.id)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM: Final = _DUE.where(_FREE)
_CLAIM_ONE: Final = _DUE.where(_o.order_no == sa.bindparam("its_no"))
_KEYS: Final = sa.select(_o.order_no).where(_o.next_at <= sa.bindparam("now"), _FREE).limit(sa.bindparam("most"))
_AFTER: Final[dict[str, dict[str, Any]]] = {
    DUE_SOON: {"next_mark": DUE, "next_at": _o.opens_at},
    DUE: {"next_mark": OVERDUE, "next_at": _o.due_at},
    OVERDUE: {"next_mark": MISS, "next_at": _o.missed_at, "overdue_at": sa.bindparam("now")},
    MISS: {"next_mark": None, "next_at": None, "state": MISSED, "reason": sa.bindparam("why")},
}
_IDS: Final[sa.BindParameter[Any]] = sa.bindparam("ids", expanding=True)
_FIRED: Final = {
    mark: orders.update()
    .where(_o.id.in_(_IDS))
    .values({**after, "version": _o.version + 1, "changed_at": sa.bindparam("now")})
    for mark, after in _AFTER.items()
}
_PASSED_OVER: Final = orders.update().where(_o.id.in_(_IDS)).values(next_mark=None, next_at=None)


def next_at(connection: sa.Connection) -> datetime | None:
    """The instant of the earliest mark that is still to be set."""
    found: datetime | None = connection.scalar(_NEXT)
    return found


def claim_due(connection: sa.Connection, now: datetime, limit: int) -> list[Order]:
    """Orders with a mark due by now, locked; what somebody is changing is passed over and looked at again."""
    return [order_of(row) for row in connection.execute(_CLAIM, {"now": now, "most": limit}).mappings()]


def claim_one(connection: sa.Connection, now: datetime, order_no: str) -> list[Order]:
    """This order if it has a mark due by now, locked."""
    wanted = {"now": now, "most": 1, "its_no": order_no}
    return [order_of(row) for row in connection.execute(_CLAIM_ONE, wanted).mappings()]


def due_keys(connection: sa.Connection, now: datetime, limit: int) -> list[str]:
    """The numbers of orders with a mark due by now."""
    return list(connection.scalars(_KEYS, {"now": now, "most": limit}))


def fire(
    connection: sa.Connection, claimed: Sequence[Order], now: datetime, why_missed: str
) -> list[tuple[Order, str]]:
    """Set the next mark of each; the orders as they then stand, with the mark that was set.

    An order that somebody is at work on is not missed: it stays overdue until it is done.
    """
    by_mark: defaultdict[str, list[int]] = defaultdict(list)
    passed_over = []
    for order in claimed:
        if order.next_mark == MISS and order.state not in WAITING:
            passed_over.append(order.id)
        elif order.next_mark:
            by_mark[order.next_mark].append(order.id)
    if passed_over:
        connection.execute(_PASSED_OVER, {"ids": passed_over})
    for mark, ids in by_mark.items():
        values: dict[str, Any] = {"ids": ids, "now": now}
        connection.execute(_FIRED[mark], values | ({"why": why_missed} if mark == MISS else {}))
    fired = {order.id: order.next_mark for order in claimed if order.id not in passed_over and order.next_mark}
    rows = connection.execute(sa.select(*COLUMNS).where(_o.id.in_(list(fired)))).mappings()
    after = {row["id"]: order_of(row) for row in rows}
    return [(after[each], mark) for each, mark in fired.items()]
