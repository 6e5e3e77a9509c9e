"""Applying case events on SQLite: inbox, derivation, clocks, ledger, timers, what is said; one clock changes in each.

Beside it the rate at which the very same rows are written in batches of the same size, and nothing else is done.
"""

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from services.sla.storage import tables
from shared.base.clock import SuiteClock
from shared.base.database import Database
from shared.events import CONTENT_TYPE
from shared.runtime.events import BATCH
from tests.bench.driver import Driver
from tests.bench.filling import FIRST_CASE, examples
from tests.bench.measure import Row, row
from tests.bench.timers.desk import filled, listen, sla
from tests.integration.sla.desk import event_of

EVENTS = 5_000
CLOCKS = 100_000
GOAL_A_SECOND = 500.0


def rows(amqp_uri: str) -> list[Row]:
    """Events applied per second."""
    listen(amqp_uri)
    with tempfile.TemporaryDirectory() as name, filled("sqlite", Path(name), CLOCKS) as url:
        before = shutil.copy(Path(name) / "sla.db", Path(name) / "before.db")
        with sla(Path(name), amqp_uri, url) as service:
            bodies = list(map(_replied, range(EVENTS)))
            driver = Driver(amqp_uri)
            begun = time.perf_counter()
            driver.publish("intake.events", "case.replied.v1", bodies, CONTENT_TYPE)
            driver.close()
            service.until_said(EVENTS)
            seconds = time.perf_counter() - begun
        raw = _raw(url, f"sqlite:///{before}")
    rate = EVENTS / seconds
    return [
        row("case events applied", "events/s", (rate, GOAL_A_SECOND), "the goal", goal=1.0),
        row("case events applied, beside", "events/s", (rate, raw), "the same rows written", goal=0.0),
    ]


def _number(event: int) -> str:
    """The complaint of this morning that an event is about."""
    return str(FIRST_CASE + event * len(examples()))


def _replied(event: int) -> bytes:
    """A reply: it stops `first_response`."""
    told = examples()[0].then("replied", "2026-10-12 17:58", due="2026-10-16 17:00")
    return event_of(told, _number(event), len(told.facts)).to_bytes()


def _raw(done: str, before: str) -> float:
    """Write what the service wrote, into the database as it was before; events per second."""
    written = _written(done)
    database = Database(before, service="sla", clock=SuiteClock())
    begun = time.perf_counter()
    for start in range(0, EVENTS, BATCH):
        with database.write() as uow:
            for statement, values in written:
                uow.connection.execute(statement, values[start : start + BATCH])
    seconds = time.perf_counter() - begun
    database.close()
    return EVENTS / seconds


def _written(url: str) -> list[tuple[Any, list[Row]]]:
    """The statements of each table with their rows, one an event."""
    numbers = [_number(event) for event in range(EVENTS)]
    case, fact, clock, entry = tables.cases.c, tables.facts.c, tables.clocks.c, tables.ledger.c
    database = Database(url, service="sla", clock=SuiteClock())
    with database.read() as connection:

        def found(table: sa.Table, *conditions: Any) -> list[Row]:
            return [dict(each) for each in connection.execute(sa.select(table).where(*conditions)).mappings()]

        stopped = found(tables.clocks, clock.case_no.in_(numbers), clock.name == "first_response")
        written = [
            (tables.messaging.inbox.insert(), found(tables.messaging.inbox)),
            (tables.messaging.outbox.insert(), found(tables.messaging.outbox)),
            (tables.facts.insert(), found(tables.facts, fact.case_no.in_(numbers), fact.fact == "replied")),
            (tables.ledger.insert(), found(tables.ledger, entry.case_no.in_(numbers), entry.change == "stopped")),
            _changes(tables.cases, case.case_no, found(tables.cases, case.case_no.in_(numbers))),
            _changes(tables.clocks, clock.id, stopped),
            (
                tables.timers.delete().where(tables.timers.c.clock_id == sa.bindparam("its_id")),
                [{"its_id": each["id"]} for each in stopped],
            ),
        ]
    database.close()
    if {len(values) for _, values in written} != {EVENTS}:
        raise SystemExit(f"not one row an event: {[len(values) for _, values in written]}")
    return written


def _changes(table: sa.Table, key: sa.Column[Any], values: list[Row]) -> tuple[Any, list[Row]]:
    """The update of whole rows by their key."""
    others = {each.name: sa.bindparam(each.name) for each in table.c if each is not key}
    return table.update().where(key == sa.bindparam("its_key")).values(others), [
        {**{name: each[name] for name in others}, "its_key": each[key.name]} for each in values
    ]
