"""Questions: orders, one order with its checklist, and which regions are served (MA-12). They change nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.maintenance.domain.order import Order, legal_steps
from services.maintenance.handlers.checklists import checklists
from services.maintenance.handlers.house import House
from services.maintenance.handlers.stepping import TECHNICIAN
from services.maintenance.handlers.wire import defect_json, equipment_json, equipment_number, order_json, plain
from services.maintenance.storage import equipment, findings, orders
from services.maintenance.storage.orders import Wanted
from shared.base.paging import cut, place_after
from shared.kernel.errors import NotFound
from shared.kernel.regions import is_within

Answer = dict[str, Any]


def find_orders(house: House, connection: sa.Connection, now: datetime, request: Answer) -> Answer:
    """Orders with their checklists and the defects that they found, those due first coming first, a page at a time."""
    limit = request["limit"]
    number = equipment_number(request["equipment_id"]) if "equipment_id" in request else None
    wanted = Wanted(
        limit=limit + 1,
        equipment_id=number,
        region=request.get("region"),
        state=request.get("state"),
        technician=request.get("technician"),
        since=request.get("from"),
        before=request.get("to"),
        after=place_after(request),
    )
    found = orders.page(connection, wanted)
    page, following = cut(found, limit, lambda order: (order.times.due_at, order.id))
    return {"orders": list(_told(house, connection, now, page)), **following}


def _told(house: House, connection: sa.Connection, now: datetime, found: Sequence[Order]) -> Iterable[Answer]:
    by_order = defaultdict(list)
    for defect in findings.defects_of(connection, found_by=[order.id for order in found]) if found else []:
        by_order[defect["order_id"]].append(defect)
    lists = checklists(house, connection, found)
    for order in found:
        zone = house.days(order.region).work.zone
        defects = [defect_json(each, zone) for each in by_order[order.id]]
        yield order_json(order, now, zone) | {"checklist": lists[order.id], "defects": defects}


def get_order(house: House, connection: sa.Connection, now: datetime, request: Answer) -> Answer:
    """One order with everything: its equipment, its checklist with the newest answers, its defects, what happened."""
    order = orders.find(connection, request["order_no"])
    if order is None:
        raise NotFound(f"no order {request['order_no']}", {"order_no": request["order_no"]})
    zone = house.days(order.region).work.zone
    piece = equipment.of_ids(connection, [order.equipment_id])[order.equipment_id]
    (told,) = _told(house, connection, now, [order])
    return told | {
        "legal": legal_steps(order.state),
        "equipment": equipment_json(piece, zone),
        "steps": [
            {name: plain(row[name], zone) for name in ("version", "step", "by", "at", "note") if row[name] is not None}
            for row in orders.steps_of(connection, order.id)
        ],
    }


def coverage(house: House, connection: sa.Connection, now: datetime, request: Answer) -> Answer:
    """Equipment, orders and technicians by region; `unserved` are regions with equipment that nobody serves (MA-12)."""
    standing, counted = equipment.count_by_region(connection), orders.count_by_region(connection, now)
    asked = request.get("region")
    regions = sorted(each for each in standing if asked is None or is_within(each, asked))
    told: list[Answer] = []
    for region in regions:
        people = [person.id for person in house.people.with_role(TECHNICIAN, region)]
        there = dict(counted.get(region, {"overdue": 0}))
        overdue = there.pop("overdue")
        line = {"region": region, "equipment": standing[region], "orders": there, "overdue": overdue}
        told.append(line | {"technicians": people, "served": bool(people)})
    return {"regions": told, "unserved": [each["region"] for each in told if not each["served"]]}
