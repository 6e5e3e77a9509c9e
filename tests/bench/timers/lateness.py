"""How late a clock is said among a million: 50 due a second, each at an instant of its own.

Late is from the due instant to the moment at which a consumer of the event holds it: claimed, fired, committed, said,
confirmed, delivered. The reference is the goal in milliseconds; the ratio must not be under 1.
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
from tests.bench.measure import Row, goal_row
from tests.bench.processes import until
from tests.bench.timers.desk import MILLION, filled, move, sla
from tests.bench.timers.hearing import Hearer

CLOCKS = 1_000
A_SECOND = 50
NAME = "opinion"
P99_GOAL_MILLISECONDS = 100.0
FIRST = timedelta(seconds=1)
"""From the clock's release to the first due instant."""


def rows(amqp_uri: str, clocks: int = MILLION) -> list[Row]:
    """The 99th percentile, on SQLite."""
    with tempfile.TemporaryDirectory() as name, filled("sqlite", Path(name), clocks) as url:
        _spread(url)
        hearer = Hearer(amqp_uri, "sla.events", CLOCKS)
        hearer.start()
        with sla(Path(name), amqp_uri, url) as service:
            anchor = service.release(EVENING)
            until(lambda: hearer.is_done, f"{CLOCKS} breaches are heard")
            late = [_late(anchor, *each) for each in hearer.heard]
    p99 = statistics.quantiles(late, n=100)[98]
    return [goal_row(f"late, p99, {A_SECOND} a second of {clocks:,}", "ms", 1000 * p99, P99_GOAL_MILLISECONDS)]


def _late(anchor: Anchor, heard: datetime, body: bytes) -> float:
    """The seconds from the due instant to the hearing."""
    due = datetime.fromisoformat(json.loads(body)["data"]["clock"]["due_at"])
    return (heard - anchor.real_start - (due - anchor.start)).total_seconds()


def _spread(url: str) -> None:
    """Give a thousand clocks due instants one after the other."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        some = sa.select(tables.clocks.c.id).where(tables.clocks.c.name == NAME).order_by(tables.clocks.c.id)
        ids = connection.scalars(some.limit(CLOCKS)).all()
        move(connection, {each: EVENING + FIRST + timedelta(seconds=n / A_SECOND) for n, each in enumerate(ids)})
