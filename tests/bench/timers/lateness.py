"""How late a clock is said among a million: 50 due a second, each at an instant of its own.

Late is from the due instant to the moment at which a consumer of the event holds it: claimed, fired, committed, said,
confirmed, delivered. The reference is the goal in milliseconds; the ratio must not be under 1. Beside it how late the
bare work is heard on the same machine: rows updated and an event published at instants that are known beforehand.
Both take turns, and each figure is the median of its turns: what else the machine does for half a second, like writing
another's file to the disk, would alone decide a 99th percentile of twenty seconds.
"""

import json
import statistics
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from services.sla.storage import tables
from shared.base.clock import Anchor
from tests.bench.filling import EVENING
from tests.bench.measure import Row, goal_row, in_process, row, take_turns
from tests.bench.processes import until
from tests.bench.timers.desk import MILLION, PATIENCE, filled, move, sla
from tests.bench.timers.hearing import Hearer

CLOCKS = 1_000
A_SECOND = 50
NAME = "opinion"
RAW_CLOCKS, RAW_NAME = 500, "warning_notice"
P99_GOAL_MILLISECONDS = 100.0
FIRST = timedelta(seconds=1)
"""From the clock's release to the first due instant."""


def rows(amqp_uri: str, clocks: int = MILLION) -> list[Row]:
    """The 99th percentile, on SQLite."""
    with tempfile.TemporaryDirectory() as name, filled("sqlite", Path(name), clocks) as url:
        ours, raw = take_turns(lambda: _p99(_ours(Path(name), url, amqp_uri)), lambda: _p99(_raw(url, amqp_uri)))
    name = f"late, p99, {A_SECOND} a second of {clocks:,}"
    return [
        goal_row(name, "ms", ours, P99_GOAL_MILLISECONDS),
        row(f"{name}, beside", "1/s", (1000 / ours, 1000 / raw), "raw updates and publishing", goal=0.0),
    ]


def _ours(folder: Path, url: str, amqp_uri: str) -> list[float]:
    _spread(url)
    hearer = Hearer(amqp_uri, "sla.events", CLOCKS)
    hearer.start()
    with sla(folder, amqp_uri, url) as service:
        anchor = service.release(EVENING)
        until(lambda: hearer.is_done, f"{CLOCKS} breaches are heard", limit=PATIENCE)
        return [_late(anchor, *each) for each in hearer.heard]


def _p99(late: list[float]) -> float:
    return 1000 * statistics.quantiles(late, n=100)[98]


def _raw(url: str, amqp_uri: str) -> list[float]:
    hearer = Hearer(amqp_uri, "sla.events", RAW_CLOCKS)
    hearer.start()
    in_process("tests.bench.timers.raw_lateness", url, amqp_uri, RAW_NAME, RAW_CLOCKS, A_SECOND)
    until(lambda: hearer.is_done, f"{RAW_CLOCKS} raw events are heard")
    return [
        (heard - datetime.fromisoformat(json.loads(body)["due_at"])).total_seconds() for heard, body in hearer.heard
    ]


def _late(anchor: Anchor, heard: datetime, body: bytes) -> float:
    """The seconds from the due instant to the hearing."""
    due = datetime.fromisoformat(json.loads(body)["data"]["clock"]["due_at"])
    return (heard - anchor.real_start - (due - anchor.start)).total_seconds()


def _spread(url: str) -> None:
    """Give a thousand running clocks due instants one after the other."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        clock = tables.clocks.c
        some = sa.select(clock.id).where(clock.name == NAME, clock.state == "running").order_by(clock.id)
        ids = connection.scalars(some.limit(CLOCKS)).all()
        move(connection, {each: EVENING + FIRST + timedelta(seconds=n / A_SECOND) for n, each in enumerate(ids)})
