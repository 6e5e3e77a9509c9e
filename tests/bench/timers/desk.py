"""What the benches of timers stand on: filled databases, sla on a clock of its own, what it said."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from services.sla.storage import tables
from services.sla.storage.timers import BREACH_MARK
from shared.base.clock import Anchor, ClockFile
from tests.bench.driver import Driver
from tests.bench.filling import EVENING, examples, fill
from tests.bench.processes import postgres, until
from tests.support.process import ServiceProcess

MILLION = 1_000_000
DUE = EVENING + timedelta(minutes=1)
"""When a tenth of the clocks are due: six in the evening."""
SHARE = 10
"""One clock of so many is due at that instant."""
LEAD = timedelta(seconds=1)
"""From the clock's release until they are due."""
PATIENCE = 180.0
"""Seconds for all of a burst, also on a machine that others use."""
LOOK = 0.5
"""Seconds between two looks whether all is said; each counts the events, on a processor that others need."""
_kept = ExitStack()


@cache
def _filled_file(clocks: int) -> Path:
    """A SQLite file with so many open clocks, made once in a run."""
    file = Path(_kept.enter_context(tempfile.TemporaryDirectory())) / "filled.db"
    fill(f"sqlite:///{file}", examples(), clocks)
    return file


@contextmanager
def filled(kind: str, folder: Path, clocks: int) -> Iterator[str]:
    """The URL of a database of this kind with so many open clocks."""
    if kind == "sqlite":
        yield f"sqlite:///{shutil.copy(_filled_file(clocks), folder / 'sla.db')}"
        return
    with postgres(folder) as node:
        url = node.create_database("sla")
        fill(url, examples(), clocks)
        yield url


@dataclass
class Sla:
    """A running sla; its clock stands until it is released."""

    process: ServiceProcess
    clock: ClockFile

    def release(self, at: datetime) -> Anchor:
        """Let the clock go on from an instant."""
        anchor = Anchor.real_time().moved_to(at)
        self.clock.write(anchor)
        return anchor

    def until_said(self, events: int) -> datetime:
        """Wait until so many events were confirmed in all; when the last of them was."""
        # While the last one waits there is nothing to count, nor sent rows to step over on the way to one that waits.
        waits = "(SELECT sent_at FROM outbox ORDER BY id DESC LIMIT 1) IS NULL"
        pending = "EXISTS (SELECT 1 FROM outbox WHERE sent_at IS NULL)"
        left = f"SELECT CASE WHEN {waits} OR {pending} THEN 0 ELSE (SELECT count(*) FROM outbox) END >= {events}"
        until(lambda: bool(self.process.query(left)[0]), f"{events} events are confirmed", LOOK, PATIENCE)
        last = self.process.query("SELECT max(sent_at) FROM outbox")[0]
        instant = datetime.fromisoformat(last) if isinstance(last, str) else last
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant


@contextmanager
def sla(folder: Path, amqp_uri: str, db_url: str, released: datetime | None = None) -> Iterator[Sla]:
    """The service as it runs everywhere: ready, its clock standing just before the instant; or just started, its clock
    going on from `released`: who has work to do is not asked all the time whether it is ready."""
    home = Path(tempfile.mkdtemp(dir=folder))
    clock = ClockFile(folder / "clock.json")
    clock.write(Anchor.real_time().moved_to(released or EVENING, running=released is not None))
    process = ServiceProcess(home, amqp_uri, "sla", db_url, {"AFTERCARE_CLOCK": str(clock.path)})
    try:
        process.start()
        yield Sla(process if released else process.ready(), clock)
    finally:
        process.kill()


def move(connection: sa.Connection, due: dict[int, datetime]) -> None:
    """Have these clocks be due, and breached, at other instants."""
    clock, timer = tables.clocks.c, tables.timers.c
    its_id, at = sa.bindparam("its_id"), sa.bindparam("instant")
    values = [{"its_id": clock_id, "instant": instant} for clock_id, instant in due.items()]
    connection.execute(tables.clocks.update().where(clock.id == its_id).values(due_at=at), values)
    breach = (timer.clock_id == its_id) & (timer.mark == BREACH_MARK)
    connection.execute(tables.timers.update().where(breach).values(fire_at=at), values)


def due_at_once(url: str, name: str, clocks: int) -> None:
    """Have so many clocks of this name be due at six."""
    clock, timer = tables.clocks.c, tables.timers.c
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        running = sa.select(clock.id).where(clock.name == name, clock.state == "running")
        some = running.order_by(clock.id).limit(clocks).subquery()
        wanted = sa.select(some.c.id)
        connection.execute(tables.clocks.update().where(clock.id.in_(wanted)).values(due_at=DUE))
        breach = (timer.mark == BREACH_MARK) & timer.clock_id.in_(wanted)
        connection.execute(tables.timers.update().where(breach).values(fire_at=DUE))


def listen(amqp_uri: str) -> None:
    """A queue that takes what sla says, as a consumer's would; nobody reads it."""
    driver = Driver(amqp_uri)
    driver.listen("bench.clocks", "sla.events")
    driver.close()  # an idle connection would be cut off in the middle of a long bench
