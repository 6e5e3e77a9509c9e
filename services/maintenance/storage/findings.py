"""What was found: the answers of checklists, and the defects with the repair cases that intake opened for them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.maintenance.domain.answers import Answer
from services.maintenance.domain.order import Order
from services.maintenance.storage.tables import defects, order_items, orders

_d, _i = defects.c, order_items.c
_LINKED: Final = (
    defects.update()
    .where(
        _d.defect_id == sa.bindparam("its_id"),
        sa.or_(_d.case_version.is_(None), _d.case_version < sa.bindparam("its_version")),
    )
    .values(
        case_no=sa.bindparam("number"), case_version=sa.bindparam("its_version"), case_state=sa.bindparam("its_state")
    )
)


def defect_id(order_no: str, item: str) -> str:
    """The id of a defect: an item of an order fails once, however often the checklist is answered."""
    return f"D-{order_no}-{item}"


def add_answers(connection: sa.Connection, order_id: int, round_: int, answers: Sequence[Answer]) -> None:
    """Keep the answers of one round; those of earlier rounds stay."""
    rows = [
        {
            "order_id": order_id,
            "round": round_,
            "item": answer.item,
            "place": place,
            "text": dict(answer.text),
            "result": answer.result,
            "reading": answer.reading,
            "note": answer.note,
            "evidence": [dict(each) for each in answer.evidence],
        }
        for place, answer in enumerate(answers)
    ]
    if rows:
        connection.execute(order_items.insert(), rows)


def newest_answers(connection: sa.Connection, of: Sequence[Order]) -> list[Mapping[str, Any]]:
    """The answers of the last round of each of these orders, in the order of its checklist."""
    answered = [order.id for order in of if order.rounds]
    if not answered:
        return []
    query = sa.select(order_items).join(orders, orders.c.id == _i.order_id)
    query = query.where(_i.order_id.in_(answered), _i.round == orders.c.rounds).order_by(_i.order_id, _i.place)
    return [dict(row) for row in connection.execute(query).mappings()]


def add_defects(
    connection: sa.Connection, order: Order, failed: Sequence[Answer], now: datetime
) -> list[Mapping[str, Any]]:
    """Keep the items that failed; only those that had not failed before."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    rows: list[Mapping[str, Any]] = [
        {
            "defect_id": defect_id(order.order_no, answer.item),
            "order_id": order.id,
            "equipment_id": order.equipment_id,
            "item": answer.item,
            "text": dict(answer.text),
            "note": answer.note,
            "reading": answer.reading,
            "found_at": now,
        }
        for answer in failed
    ]
    added = []
    for row in rows:
        insert = dialect.insert(defects).values(row).on_conflict_do_nothing().returning(_d.defect_id)
        if connection.scalar(insert) is not None:
            added.append(row)
    return added


def defects_of(
    connection: sa.Connection, *, found_by: Iterable[int] = (), equipment: int | None = None
) -> list[Mapping[str, Any]]:
    """The defects found by these orders, or at this piece of equipment, oldest first."""
    whose = _d.order_id.in_(list(found_by)) if equipment is None else _d.equipment_id == equipment
    query = sa.select(defects).where(whose).order_by(_d.found_at, _d.defect_id)
    return [dict(row) for row in connection.execute(query).mappings()]


def link_case(connection: sa.Connection, defect: str, case_no: str, version: int, state: str) -> bool:
    """Note what a defect's case has become; False when no such defect is here, or a newer version is known."""
    values = {"its_id": defect, "number": case_no, "its_version": version, "its_state": state}
    return bool(connection.execute(_LINKED, values).rowcount)
