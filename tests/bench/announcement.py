"""Next year's days off are announced over a million open clocks on PostgreSQL, while timers go on firing (SL-6).

One clock of ten is due in that year, and moves: more than limits of ten working days make it in late December.
Committed is when the last of them is kept and its event staged; beside it is shown the relay's time until all are
confirmed. The growth compares what a moved clock costs at the sizes.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from services.sla.domain.announced import announced, written
from services.sla.storage import tables
from shared.cli.rpc import Rpc
from shared.worktime import WorkCalendar, default_calendar
from tests.bench.filling import fill
from tests.bench.measure import Row, goal_row, row
from tests.bench.processes import postgres, until
from tests.bench.timers.desk import Sla, listen, move, sla
from tests.unit.sla.cases import Told, a_case

SIZES = (10_000, 100_000, 1_000_000)
YEAR = 2027
MONDAY = datetime(2026, 12, 21, 9, 59, tzinfo=UTC)
"""Before the year ends, a minute before six in Shanghai."""
OFF = [date(YEAR, 1, day) for day in (1, 2, 3, 4)]
GOAL_SECONDS = 60.0
SPARE_SECONDS = 2.0
GROWTH = 0.5
"""A moved clock may cost at most twice as much among a million as among ten thousand."""
A_SECOND = 50
MOST_FIRED = 4000
FIRED_NAME = "opinion"
LATE_MILLISECONDS = 500.0
MEGABYTES = 200.0
LIMIT = 5 * GOAL_SECONDS
"""Seconds; a goal that is missed is a figure too."""
RPC_SECONDS = 60.0


@dataclass(frozen=True)
class Run:
    """One announcement: how many clocks moved in how many seconds, when all was confirmed, how late timers fired."""

    moved: int
    committed: float
    confirmed: float
    late: float
    megabytes: float


def rows(amqp_uri: str, sizes: Sequence[int] = SIZES) -> list[Row]:
    """The time at each size, its growth, and what the timers made of it."""
    listen(amqp_uri)
    runs = {size: announce(amqp_uri, size) for size in sizes}
    found = [
        goal_row(f"announcement, {run.moved:,} of {size:,} clocks move, committed", "s", run.committed, _goal(size))
        for size, run in runs.items()
    ]
    smallest, largest = runs[sizes[0]], runs[sizes[-1]]
    rates = largest.moved / largest.committed, smallest.moved / smallest.committed
    return [
        *found,
        goal_row("the largest, until every event is confirmed", "s", largest.confirmed, 2 * GOAL_SECONDS),
        row("the largest, clocks moved", "clocks/s", rates, f"at {sizes[0]:,}", goal=GROWTH),
        goal_row(f"timers meanwhile, {A_SECOND} a second, late, p99", "ms", 1000 * largest.late, LATE_MILLISECONDS),
        goal_row("sla meanwhile, memory", "MB", largest.megabytes, MEGABYTES),
    ]


def _goal(clocks: int) -> float:
    """In proportion to the clocks, and a second or two to notice and to collect."""
    return SPARE_SECONDS + GOAL_SECONDS * clocks / SIZES[-1]


def announce(amqp_uri: str, clocks: int) -> Run:
    """Announce the year over so many open clocks."""
    with tempfile.TemporaryDirectory() as name, _database(Path(name), clocks) as url:
        fired = _spread(url, min(MOST_FIRED, clocks // 50))
        with sla(Path(name), amqp_uri, url) as service:
            service.release(MONDAY)
            begun = time.perf_counter()
            _publish(amqp_uri)
            until(lambda: _state(service) == "done", "the days off are carried through", 0.05, LIMIT)
            committed = time.perf_counter() - begun
            unsent = "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE sent_at IS NULL LIMIT 1) AS x"
            until(lambda: service.process.query(unsent) == [0], "all is confirmed", 0.1, LIMIT)
            confirmed = time.perf_counter() - begun
            (moved,) = service.process.query("SELECT max(moved) FROM publications")
            return Run(moved, committed, confirmed, _late(service, committed, fired), service.process.memory())


def cases() -> list[Told]:
    """Eight cases with twenty open clocks; `resolution` of the first two is due in the next year."""
    new, inquiry = a_case("2026-12-21 09:30"), a_case("2026-12-17 09:30", kind="inquiry")
    older = a_case("2026-12-17 09:30").then("handed_over", "2026-12-21 16:00")
    older = older.then("replied", "2026-12-21 17:00", due="2026-12-25 17:00")
    return [new, new, older, older, inquiry, inquiry, inquiry, inquiry]


def _publish(amqp_uri: str) -> None:
    calendar = announced(WorkCalendar.from_dict(written(default_calendar())), YEAR, OFF, [])
    request = {"name": "cn", "version": f"cn-{YEAR}", "running": "recompute", "by": "bench"}
    with Rpc(amqp_uri, RPC_SECONDS) as rpc:
        rpc.call("sla.publish_calendar", request | {"calendar": calendar.to_dict()})


def _state(service: Sla) -> str:
    found: str = service.process.query("SELECT state FROM publications ORDER BY id DESC LIMIT 1")[0]
    return found


def _spread(url: str, clocks: int) -> int:
    """Give so many clocks due instants one after the other, from the release of the clock on."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        clock = tables.clocks.c
        some = sa.select(clock.id).where(clock.name == FIRED_NAME, clock.state == "running").order_by(clock.id)
        ids = connection.scalars(some.limit(clocks)).all()
        move(connection, {each: MONDAY + timedelta(seconds=2 + n / A_SECOND) for n, each in enumerate(ids)})
    return len(ids)


def _late(service: Sla, seconds: float, fired: int) -> float:
    """How late, at the 99th percentile, those fired that fell due while the clocks were moved."""
    most = min(fired, int(seconds * A_SECOND))
    late = service.process.query(
        "SELECT EXTRACT(EPOCH FROM breached_at - due_at) FROM clocks WHERE breached_at IS NOT NULL"
        f" AND due_at >= '{MONDAY.isoformat()}' ORDER BY due_at LIMIT {max(most, 2)}"
    )
    return statistics.quantiles([float(each) for each in late], n=100)[98] if len(late) > 1 else 0.0


@contextmanager
def _database(folder: Path, clocks: int) -> Iterator[str]:
    with postgres(folder) as node:
        url = node.create_database("sla")
        fill(url, cases(), clocks, MONDAY)
        yield url
