"""A million open clocks in seconds: a few cases are told to the real handlers, then their rows are copied by SQL.

The copies are what sla itself would have kept of as many cases, whatever tables and columns it has: every table that
speaks of a case or a clock is copied, with numbers of its own. `python -m tests.bench.filling URL CLOCKS` fills a
database that is empty or not there yet.
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from services.sla import handlers
from services.sla.handlers import Rules
from services.sla.storage import tables
from services.sla.storage.policy_files import load_policy
from shared.base.database import Database
from shared.base.migrations import migrate
from shared.testing.clock import ManualClock
from tests.integration.sla.desk import event_of
from tests.unit.sla.cases import Told, a_case

FIRST_CASE = 260_000_000_000
EVENING = datetime(2026, 10, 12, 9, 59, tzinfo=UTC)
"""Monday, a minute before six in Shanghai, when the working day ends."""
SETTINGS = {
    "sqlite": ("PRAGMA synchronous=OFF", "PRAGMA cache_size=-400000", "PRAGMA foreign_keys=OFF", "BEGIN IMMEDIATE"),
    "postgresql": (
        "SET LOCAL statement_timeout = 0",
        "SET LOCAL maintenance_work_mem = '512MB'",
        "SET LOCAL session_replication_role = replica",  # the keys of the copies are right
    ),
}
_MESSAGING = {table.name for table in vars(tables.messaging).values()}


def built_in() -> Rules:
    """The rules that the service itself has."""
    return handlers.rules_of(load_policy())


def examples() -> list[Told]:
    """Three cases with ten open clocks, one of them due this evening at six.

    A complaint of this morning, one that was handed over and replied to on Saturday (a make-up day), an inquiry.
    """
    older = a_case("2026-10-10 16:00").then("handed_over", "2026-10-10 17:00")
    older = older.then("replied", "2026-10-10 17:00", due="2026-10-16 17:00")
    return [a_case("2026-10-12 09:30"), older, a_case("2026-10-12 09:30", kind="inquiry")]


def fill(url: str, told: Sequence[Told], clocks: int, now: datetime = EVENING) -> int:
    """Fill an empty database with at least so many open clocks of cases like these, as of `now`; how many cases.

    What was due by then has fired and is said already.
    """
    database = Database(url, service="sla", clock=ManualClock(now))
    migrate(database)
    rules = built_in()
    events = [event_of(case, str(FIRST_CASE + number), len(case.facts)) for number, case in enumerate(told)]
    with database.write() as uow:
        for event in events:
            handlers.case_changed(rules, uow, event)
    while _fire(database, rules):
        pass
    with database.read() as connection:
        opened = tables.clocks.c.state.in_(("running", "paused"))
        each = connection.scalar(sa.select(sa.func.count()).where(opened)) or 1
    copies = -(-clocks // each) - 1
    _copy(database, len(told), copies)
    database.close()
    return len(told) * (copies + 1)


def _fire(database: Database, rules: Rules) -> int:
    with database.write() as uow:
        return handlers.fire_due(rules, uow)


def _copy(database: Database, cases: int, copies: int) -> None:
    with database.engine.connect() as connection:
        for setting in SETTINGS[database.engine.dialect.name]:
            connection.exec_driver_sql(setting)
        connection.execute(tables.messaging.outbox.delete())
        clocks = connection.scalar(sa.select(sa.func.max(tables.clocks.c.id))) or 0
        for table in tables.metadata.sorted_tables:
            if table.name not in _MESSAGING and {"case_no", "clock_id"} & set(table.c.keys()):
                _copy_rows(connection, table, {"case_no": cases, "clock_id": clocks}, copies)
        if not database.is_sqlite:
            connection.exec_driver_sql("SELECT setval('clocks_id_seq', (SELECT max(id) FROM clocks))")
        connection.commit()
    if not database.is_sqlite:
        tidy(database.engine)


def tidy(engine: sa.Engine) -> None:
    """Have PostgreSQL tidy and write what was changed: it is not done while somebody measures."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in ("SET statement_timeout = 0", "VACUUM ANALYZE", "CHECKPOINT", "RESET statement_timeout"):
            connection.exec_driver_sql(statement)


def _copy_rows(connection: sa.Connection, table: sa.Table, steps: dict[str, int], copies: int) -> None:
    number = sa.select(sa.literal(1).label("n")).cte("numbers", recursive=True)
    number = number.union_all(sa.select(number.c.n + 1).where(number.c.n < copies))
    kept = [column for column in table.c if column.name != "id" or table is tables.clocks]
    shown = [_moved(column, number.c.n, steps) for column in kept]
    copied = sa.select(*shown).select_from(sa.join(number, table, sa.true()))
    for index in table.indexes:
        index.drop(connection)
    connection.execute(table.insert().from_select([column.name for column in kept], copied))
    for index in table.indexes:
        index.create(connection)


def _moved(column: sa.Column[Any], number: sa.ColumnElement[int], steps: dict[str, int]) -> sa.ColumnElement[Any]:
    if column.name == "case_no":
        return sa.cast(sa.cast(column, sa.BigInteger) + number * steps["case_no"], sa.String(20))
    if column.name in ("id", "clock_id"):
        return column + number * steps["clock_id"]
    return column


def main(url: str, clocks: str) -> None:
    """Fill one with the examples."""
    cases = fill(url if "://" in url else f"sqlite:///{Path(url).absolute()}", examples(), int(clocks))
    sys.stdout.write(f"{cases} cases\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
