"""A restart with a hundred thousand clocks overdue: each said once, in order, marked late, within 20 seconds.

Measured from the start of the process. The clocks fell due one after the other in the course of the hour before it, the
youngest first, so that nothing comes in order by itself. The reference is the goal in seconds; the ratio must not be
under 1, and what was said must be right.
"""

import json
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from services.sla.storage import tables
from shared.base.clock import wall_now
from tests.bench.measure import Row, goal_row
from tests.bench.timers.desk import DUE, MILLION, SHARE, filled, listen, move, sla

GOAL_SECONDS = 20.0
HOUR = timedelta(hours=1)
NAME = "handover"


def rows(amqp_uri: str, clocks: int = MILLION) -> list[Row]:
    """Seconds until the last of them was confirmed."""
    overdue = clocks // SHARE
    listen(amqp_uri)
    with tempfile.TemporaryDirectory() as name, filled("sqlite", Path(name), clocks) as url:
        _spread(url)
        begun = wall_now()
        with sla(Path(name), amqp_uri, url, released=DUE + HOUR) as service:
            seconds = (service.until_said(overdue) - begun).total_seconds()
            _check(service.process.query("SELECT body FROM outbox ORDER BY id"), overdue)
    return [goal_row(f"restart with {overdue:,} overdue", "s", seconds, GOAL_SECONDS)]


def _spread(url: str) -> None:
    """They fell due one after the other in the hour before the restart."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        running = tables.clocks.c.state == "running"
        some = sa.select(tables.clocks.c.id).where(tables.clocks.c.name == NAME, running)
        ids = connection.scalars(some.order_by(tables.clocks.c.id.desc())).all()
        move(connection, {each: DUE + rank * HOUR / len(ids) for rank, each in enumerate(ids)})


def _check(bodies: Sequence[str], overdue: int) -> None:
    said = [json.loads(body) for body in bodies]
    due = [each["data"]["clock"]["due_at"] for each in said]
    if len({each["subject"] for each in said}) != overdue or len(said) != overdue:
        raise SystemExit(f"{overdue} clocks were overdue, {len(said)} events were said")
    if due != sorted(due):
        raise SystemExit("they were not said in order")
    if any(datetime.fromisoformat(each["time"]) < DUE + HOUR for each in said):
        raise SystemExit("an event does not show how late it was said")
