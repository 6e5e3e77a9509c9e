"""The checklists of orders as they are told: every item with its newest answer (MA-2, MA-4)."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from services.maintenance.domain.order import Order
from services.maintenance.handlers.house import House
from services.maintenance.storage import findings

Line = dict[str, Any]


def checklists(house: House, connection: sa.Connection, orders: Sequence[Order]) -> dict[int, list[Line]]:
    """The checklist of each order, by the order's id."""
    answers: dict[int, dict[str, Mapping[str, Any]]] = {order.id: {} for order in orders}
    for row in findings.newest_answers(connection, orders):
        answers[row["order_id"]][row["item"]] = row
    return {order.id: _checklist(house, order, answers[order.id]) for order in orders}


def _checklist(house: House, order: Order, answers: dict[str, Mapping[str, Any]]) -> list[Line]:
    """The items of the order's level; items that the policy knows no longer stay answered."""
    told: list[Line] = []
    for item in house.policy.levels[order.level].items.values():
        line: Line = {"item": item.key, "part": item.part, "text": dict(item.text), "required": item.required}
        if item.reading is not None:
            line["reading_range"] = {"unit": item.reading.unit, "min": item.reading.least, "max": item.reading.most}
        told.append(line | _answer(answers.pop(item.key, {})))
    told += [{"item": key, "text": row["text"], "required": False} | _answer(row) for key, row in answers.items()]
    return told


def _answer(row: Mapping[str, Any]) -> Line:
    names = ("result", "reading", "note", "evidence")
    return {name: row[name] for name in names if row.get(name) not in (None, [])}
