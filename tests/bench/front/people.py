"""Customers and their calls, by the hundred thousand: one call is heard by the real rules, then copied by SQL."""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from services.intake import handlers
from services.intake.schemas import CallEventRequest
from services.intake.storage.call_tables import calls
from services.intake.storage.customer_tables import customer_contacts, customer_equipment, customers
from services.intake.storage.policy_files import load_repeats
from services.intake.storage.tables import MESSAGING, cases
from shared.base.columns import Json
from shared.base.database import Database
from shared.base.people import load_people
from shared.base.schema import load
from shared.testing.clock import ManualClock
from tests.bench.front.filling import START, fill

FIRST: Final = 13_800_000_000
"""The number of the first customer; the others follow."""
TEMPLATE: Final = "13799999999"


def phone_of(customer: int) -> str:
    """The number of a customer, as an exchange sends it."""
    return str(FIRST + customer)


def fill_people(url: str, people: int, their_calls: int, their_cases: int) -> None:
    """Fill an empty database with so many customers, calls and cases, spread evenly."""
    fill(url, their_cases)
    database = Database(url, service="intake", clock=ManualClock(START + timedelta(days=1)))
    _hear_one(database)
    with database.engine.connect() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.execute(cases.update().values(customer_phone=_phone(cases.c.id % people)))
        for table, shown in _rows_of_customers():
            connection.execute(table.insert().from_select(list(shown), _counted(people, shown)))
        _copy_call(connection, people, their_calls)
        connection.execute(MESSAGING.outbox.delete())
        connection.commit()
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("ANALYZE")
        connection.commit()
    database.close()


def _hear_one(database: Database) -> None:
    for minute, event in enumerate(("newCall", "answer", "hangup")):
        told: dict[str, Any] = {
            "event": event,
            "call_id": "template",
            "source": "exchange-1",
            "from": TEMPLATE,
            "to": "4008008820",
            "direction": "in",
            "at": (START + timedelta(minutes=minute)).isoformat(),
            "user": "li.qiang",
            "queue": "hotline",
        }
        with database.write() as uow:
            handlers.call_event(uow, handlers.House(load_people(), load_repeats()), load(CallEventRequest(), told))


_number: Final = sa.column("n", sa.Integer)


def _counted(upto: int, shown: dict[str, Any]) -> sa.Select[Any]:
    """One row for each number from 0, with these columns."""
    numbers = sa.select(sa.literal(0).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(sa.select(numbers.c.n + 1).where(numbers.c.n < upto - 1))
    values = {name: each if isinstance(each, sa.ColumnElement) else sa.literal(each) for name, each in shown.items()}
    return sa.select(*(value.label(name) for name, value in values.items())).select_from(numbers)


def _phone(number: sa.ColumnElement[int]) -> sa.ColumnElement[str]:
    return sa.literal("+86") + sa.cast(sa.literal(FIRST, sa.BigInteger) + number, sa.String)


def _rows_of_customers() -> list[tuple[sa.Table, dict[str, Any]]]:
    name = sa.literal("Buyer ") + sa.cast(_number, sa.String)
    whole = {
        "id": _number + 1,
        "customer_id": sa.literal("C") + sa.cast(_number + 1_000_000_000, sa.String),
        "version": 1,
        "source": "",
        "name": name,
        "name_key": name,
        "protected": sa.false(),
        "created_at": sa.literal(START, customers.c.created_at.type),
        "changed_at": sa.literal(START, customers.c.changed_at.type),
    }
    contact = {"customer": _number + 1, "place": 0, "kind": "phone", "value": _phone(_number)}
    owned = {"customer": _number + 1, "place": 0, "model": "DM-30", "serial_no": sa.literal("SN") + name}
    return [(customers, whole), (customer_contacts, contact), (customer_equipment, owned)]


def _copy_call(connection: sa.Connection, people: int, count: int) -> None:
    numbers = sa.select(sa.literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(sa.select(numbers.c.n + 1).where(numbers.c.n < count))
    phone = _phone(numbers.c.n % people)
    events = sa.func.replace(sa.cast(calls.c.events, sa.Text), TEMPLATE, phone)
    postgres = connection.dialect.name == "postgresql"
    moved = {
        "id": calls.c.id + numbers.c.n,
        "call_id": sa.literal("call-") + sa.cast(numbers.c.n, sa.String),
        "number": phone,
        "sent_from": phone,
        "events": sa.cast(events, Json) if postgres else sa.type_coerce(events, sa.Text),
    }
    shown = [moved.get(column.name, column).label(column.name) for column in calls.c]
    copied = sa.select(*shown).select_from(sa.join(numbers, calls, sa.true()))
    connection.execute(calls.insert().from_select([column.name for column in calls.c], copied))
    if postgres:
        connection.exec_driver_sql("SELECT setval('calls_id_seq', (SELECT max(id) FROM calls))")


def sqlite_in(folder: Path) -> str:
    """The URL of intake's database there."""
    return f"sqlite:///{folder / 'intake.db'}"
