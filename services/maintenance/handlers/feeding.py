"""What a calendar feed shows: the orders of a technician, a site or a region (MA-8)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from services.maintenance.domain.equipment import Equipment
from services.maintenance.domain.order import Order
from services.maintenance.handlers.house import House
from services.maintenance.storage import equipment, orders
from services.maintenance.storage.orders import Wanted
from shared.base.logs import logger
from shared.kernel.errors import Invalid, NotFound
from shared.kernel.regions import parse_region

log = logger(__name__)

PAST: Final = timedelta(days=30)
"""How far back a feed shows what was."""
MOST: Final = 1000
"""Orders in a feed: writing so many takes a third of a second, in which nothing else is done."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An order as a calendar shows it."""

    order: Order
    equipment: Equipment
    title: Mapping[str, str]


def calendar(house: House, connection: sa.Connection, now: datetime, kind: str, key: str) -> list[Entry]:
    """The orders of a feed; raises NotFound where there is no such feed."""
    if kind not in _FEEDS:
        raise NotFound(f"no calendars of kind {kind}; there are {', '.join(_FEEDS)}", {"kind": kind})
    chosen = _FEEDS[kind](house, connection, key)
    found = orders.page(connection, Wanted(limit=MOST + 1, since=now - PAST, **chosen))
    if len(found) > MOST:
        log.warning("a calendar is cut to its first orders; subscribe to smaller regions", kind=kind, count=MOST)
        found = found[:MOST]
    there = equipment.of_ids(connection, [order.equipment_id for order in found])
    return [Entry(order, there[order.equipment_id], house.policy.levels[order.level].title) for order in found]


def _of_technician(house: House, connection: sa.Connection, key: str) -> dict[str, Any]:
    person = house.people.find(key)
    name = person.id if person else key
    if person is None and not orders.page(connection, Wanted(limit=1, technician=name)):
        raise NotFound(f"no technician {key}", {"key": key})
    return {"technician": name}


def _of_site(_house: House, connection: sa.Connection, key: str) -> dict[str, Any]:
    if not equipment.has_site(connection, key):
        raise NotFound(f"no equipment stands at {key}", {"key": key})
    return {"site": key}


def _of_region(_house: House, _connection: sa.Connection, key: str) -> dict[str, Any]:
    try:
        return {"region": parse_region(key, "key")}
    except Invalid as error:
        raise NotFound(error.message, {"key": key}) from None


_FEEDS: Final[Mapping[str, Callable[[House, sa.Connection, str], dict[str, Any]]]] = {
    "technician": _of_technician,
    "site": _of_site,
    "region": _of_region,
}
