"""Orders: kept, changed one version at a time, and found again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.maintenance.domain.order import IN_PROGRESS, OPEN, SCHEDULED, WAITING, Order, Times
from services.maintenance.storage.tables import equipment, order_steps, orders, technicians
from shared.base.paging import Place
from shared.base.where import lies_within, stands_behind

_o: Final = orders.c
_TIMES: Final = ("due_on", "due_soon_at", "opens_at", "due_at", "missed_at")
_PLAIN: Final = tuple(each.name for each in _o if each.name not in (*_TIMES, "next_at"))
COLUMNS: Final = tuple(_o[name] for name in (*_PLAIN, *_TIMES))
LONGEST: Final = 500


def order_of(row: Mapping[str, Any] | sa.RowMapping) -> Order:
    """The order of a row."""
    return Order(**{name: row[name] for name in _PLAIN}, times=Times(**{name: row[name] for name in _TIMES}))


def row_of(times: Times) -> dict[str, Any]:
    """The columns of an order's times."""
    return {name: getattr(times, name) for name in _TIMES}


def add(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> list[Order]:
    """Keep new orders; as they were given."""
    if not rows:
        return []
    connection.execute(orders.insert(), list(rows))
    numbers = [row["order_no"] for row in rows]
    found = {
        order.order_no: order for order in _orders(connection, sa.select(*COLUMNS).where(_o.order_no.in_(numbers)))
    }
    return [found[number] for number in numbers]


def lock(connection: sa.Connection, order_no: str) -> Order | None:
    """An order, kept from being changed by anybody else meanwhile."""
    return next(iter(_orders(connection, sa.select(*COLUMNS).where(_o.order_no == order_no).with_for_update())), None)


def find(connection: sa.Connection, order_no: str) -> Order | None:
    """An order."""
    return next(iter(_orders(connection, sa.select(*COLUMNS).where(_o.order_no == order_no))), None)


def waiting_of(connection: sa.Connection, equipment_ids: Iterable[int]) -> list[Order]:
    """The orders of these pieces of equipment that nobody has begun, locked."""
    query = sa.select(*COLUMNS).where(_o.equipment_id.in_(list(equipment_ids)), _o.state.in_(WAITING))
    return _orders(connection, query.order_by(_o.id).with_for_update())


def of_equipment(connection: sa.Connection, equipment_id: int, limit: int) -> list[Order]:
    """The orders of a piece of equipment, the latest first."""
    query = sa.select(*COLUMNS).where(_o.equipment_id == equipment_id)
    return _orders(connection, query.order_by(_o.due_at.desc(), _o.id.desc()).limit(limit))


def change(connection: sa.Connection, order: Order, now: datetime, **values: Any) -> Order:
    """Give the order these values and the next version; it must have been locked."""
    new = {**values, "version": order.version + 1, "changed_at": now}
    connection.execute(orders.update().where(_o.id == order.id).values(new))
    changed = lock(connection, order.order_no)
    if changed is None:
        raise LookupError(f"order {order.order_no} is gone")
    return changed


def note_steps(connection: sa.Connection, steps: Sequence[tuple[Order, str, str, str | None]], now: datetime) -> None:
    """Write down the step that brought each order to its version: (order, step, by, note)."""
    rows = [
        {
            "order_id": order.id,
            "version": order.version,
            "step": step,
            "by": by,
            "at": now,
            "note": (note or "")[:LONGEST] or None,
        }
        for order, step, by, note in steps
    ]
    if rows:
        connection.execute(order_steps.insert(), rows)


def steps_of(connection: sa.Connection, order_id: int) -> list[Mapping[str, Any]]:
    """What happened to an order."""
    query = sa.select(order_steps).where(order_steps.c.order_id == order_id).order_by(order_steps.c.version)
    return [dict(row) for row in connection.execute(query).mappings()]


def book(connection: sa.Connection, technician: str) -> None:
    """Nobody else books this technician until the end of the unit of work (MA-7)."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(dialect.insert(technicians).values(person=technician).on_conflict_do_nothing())
    connection.execute(
        sa.select(technicians.c.person).where(technicians.c.person == technician).with_for_update()
    ).one()


def booked(connection: sa.Connection, technician: str, begin: datetime, end: datetime, beside: int) -> Order | None:
    """Another order for which the technician is out at some of this time."""
    query = sa.select(*COLUMNS).where(
        _o.technician == technician,
        _o.state.in_((SCHEDULED, IN_PROGRESS)),
        _o.visit_at < end,
        _o.visit_until > begin,
        _o.id != beside,
    )
    return next(iter(_orders(connection, query.order_by(_o.visit_at).limit(1))), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which orders; None leaves it open. `after`: the due instant and id of the last one of the page before."""

    limit: int
    equipment_id: int | None = None
    region: str | None = None
    state: str | None = None
    technician: str | None = None
    site: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    after: Place | None = None


def page(connection: sa.Connection, wanted: Wanted) -> list[Order]:
    """Orders, those due first coming first, stable while new ones are made."""
    query = sa.select(*COLUMNS).where(*_conditions(wanted))
    if wanted.site is not None:
        query = query.join(equipment, equipment.c.id == _o.equipment_id).where(equipment.c.site == wanted.site)
    return _orders(connection, query.order_by(_o.due_at, _o.id).limit(wanted.limit))


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    equal = {"equipment_id": wanted.equipment_id, "state": wanted.state, "technician": wanted.technician}
    found = [_o[name] == value for name, value in equal.items() if value is not None]
    if wanted.region is not None:
        found.append(lies_within(_o.region, wanted.region))
    if wanted.since is not None:
        found.append(_o.due_at >= wanted.since)
    if wanted.before is not None:
        found.append(_o.due_at < wanted.before)
    if wanted.after is not None:
        found.append(stands_behind(_o.due_at, _o.id, wanted.after))
    return found


def count_by_region(connection: sa.Connection, now: datetime) -> dict[str, dict[str, int]]:
    """How many orders are in each state in each region; `overdue` counts the open ones that are past due."""
    late = sa.case((sa.and_(_o.state.in_(OPEN), _o.due_at <= now), 1), else_=0)
    query = sa.select(_o.region, _o.state, sa.func.count(), sa.func.sum(late)).group_by(_o.region, _o.state)
    counts: dict[str, dict[str, int]] = {}
    for region, state, count, overdue in connection.execute(query):
        there = counts.setdefault(region, {"overdue": 0})
        there[state] = count
        there["overdue"] += int(overdue)
    return counts


def _orders(connection: sa.Connection, query: sa.Select[Any]) -> list[Order]:
    return [order_of(row) for row in connection.execute(query).mappings()]
