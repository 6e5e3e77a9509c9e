"""Registering into 300,000 cases against registering into none, and two processes that share one PostgreSQL.

`flat`: the same requests at the same service, once with an empty database and once with a full one, in turn.
`shared`: one process, then two, on the full one; who took how many, and the processor time of a case. Where two want
more than a machine with few cores has beside database and broker, they are thrown off its cores again and again, and
every case takes longer: so also held to a share of a core each, where only what they lose on each other is left.
"""

import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from tests.bench.driver import Driver
from tests.bench.front.filling import fill
from tests.bench.measure import Row, row, take_turns
from tests.bench.pinning import pinned
from tests.bench.processes import postgres, until
from tests.bench.registration import IN_FLIGHT, PROMISE_OFF, requests
from tests.support.process import ServiceProcess, running

CASES: Final = 300_000
WARM: Final = 200
SHARED_ROUNDS: Final = 5
"""So many turns of one process and of two: what they cost differs by a tenth, and so does a turn from another."""
SHARE: Final = 0.4
TAKEN: Final = 'aftercare_rpc_requests_total{method="register_case",outcome="ok"}'


def rows(amqp_uri: str) -> list[Row]:
    """Flat in the number of cases on both databases; two processes on PostgreSQL."""
    driver = Driver(amqp_uri)
    driver.listen("bench.heard", "intake.events")
    driver.close()
    with tempfile.TemporaryDirectory() as name, postgres(Path(name)) as node:
        folder = Path(name)
        full, empty = node.create_database("full"), node.create_database("empty")
        fill(full, CASES)
        found = [_flat("PostgreSQL", _Desk(folder, amqp_uri, full), _Desk(folder, amqp_uri, empty))]
        found += _shared(_Desk(folder, amqp_uri, full))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(f"sqlite:///{folder / 'full.db'}", CASES)
        full, empty = (f"sqlite:///{folder / kind}.db" for kind in ("full", "empty"))
        found.append(_flat("SQLite", _Desk(folder, amqp_uri, full), _Desk(folder, amqp_uri, empty)))
        shutil.rmtree(folder, ignore_errors=True)
    return found


class _Desk:
    """Intake on one database."""

    def __init__(self, folder: Path, amqp_uri: str, url: str) -> None:
        self._folder = folder
        self._amqp_uri = amqp_uri
        self._url = url

    @contextmanager
    def open(self, processes: int = 1) -> Iterator[list[ServiceProcess]]:
        """So many processes, ready."""
        with ExitStack() as stack:
            yield [stack.enter_context(running(self._process())) for _ in range(processes)]

    def _process(self) -> ServiceProcess:
        home = Path(tempfile.mkdtemp(dir=self._folder))
        return ServiceProcess(home, self._amqp_uri, "intake", self._url, PROMISE_OFF)

    def register(self, count: int | None = None) -> float:
        """Registrations a second."""
        driver = Driver(self._amqp_uri)
        try:
            return driver.rate("intake.register_case", requests()[:count], IN_FLIGHT)
        finally:
            driver.close()

    def rate(self) -> float:
        """Registrations a second of one process that has just become warm."""
        with self.open():
            self.register(WARM)
            return self.register()


def _flat(kind: str, full: _Desk, empty: _Desk) -> Row:
    figures = take_turns(full.rate, empty.rate)
    return row(f"register_case into {CASES:,} cases, {kind}", "requests/s", figures, "into none", goal=0.8)


def _shared(desk: _Desk) -> list[Row]:
    shares: list[float] = []

    def together(held: float) -> float:
        turn = _turn(desk, 2, held)
        shares.append(turn["share"])
        return turn["cpu"]

    def cost(named: str, held: float) -> Row:
        figures = take_turns(lambda: _turn(desk, 1, held)["cpu"], lambda: together(held), SHARED_ROUNDS)
        return row(f"register_case, two processes{named}, CPU a case", "us", figures, "one / two", goal=1 / 1.15)

    found = [cost("", 1.0), cost(f" at {SHARE} core each", SHARE)]
    share = statistics.median(shares)
    return [*found, row("register_case, two processes, smaller share", "of 1", (share, 1.0), "all of it", goal=0.35)]


def _turn(desk: _Desk, processes: int, held: float) -> dict[str, float]:
    """Processor microseconds of a case, until its event is confirmed, and what the one that did less did of all."""
    with desk.open(processes) as found:
        desk.register(WARM)
        before = sum(process.processor_seconds() for process in found), [process.metric(TAKEN) for process in found]
        with pinned(found, held):
            desk.register()
        until(found[0].is_quiet, "every event is confirmed", 0.1)
        used = sum(process.processor_seconds() for process in found) - before[0]
        taken = [process.metric(TAKEN) - first for process, first in zip(found, before[1], strict=True)]
    if sum(taken) != len(requests()):
        raise SystemExit(f"{len(requests())} requests, {taken} were taken")
    return {"cpu": 1e6 * used / sum(taken), "share": min(taken) / sum(taken)}
