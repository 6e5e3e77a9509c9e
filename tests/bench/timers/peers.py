"""The timers against what a Python team would use instead, on the same job and the same PostgreSQL.

So many durable timers are due at one instant; each commits a row and publishes a confirmed event. A consumer of these
events measures all three alike: the rate until the last is heard, and how late the 99th percentile is heard.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

from shared.base.clock import wall_now
from tests.bench.filling import examples, fill
from tests.bench.measure import Row, row
from tests.bench.processes import postgres, until
from tests.bench.timers.desk import DUE, LEAD, SHARE, sla
from tests.bench.timers.hearing import Hearer

TIMERS = 2_000
SETTLED_SECONDS = 4.0
"""From the last timer set to the instant: every peer is up and idle by then."""

CELERY = "celery -A tests.bench.peers.timed_celery worker --concurrency 2 --loglevel ERROR".split()
CELERY += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
PACKAGES = ("celery", "apscheduler")

Figures = tuple[float, float]
"""Timers a second, and how many seconds late at the 99th percentile."""


def rows(amqp_uri: str, timers: int = TIMERS) -> list[Row]:
    """Rate and lateness beside each of the two."""
    if missing := [name for name in PACKAGES if find_spec(name) is None]:
        raise SystemExit(f"{', '.join(missing)} is not installed; run `make setup`")
    with tempfile.TemporaryDirectory() as name, postgres(Path(name)) as node:
        folder = Path(name)
        ours = _ours(folder, amqp_uri, node.create_database("sla"), timers)
        found = {
            "Celery with ETA": _celery(amqp_uri, node.create_database("celery"), timers),
            "APScheduler": _apscheduler(amqp_uri, node.create_database("apscheduler"), timers),
        }
    found_rows = []
    for peer, (rate, late) in found.items():
        found_rows += [
            row(f"{timers:,} timers at one instant", "timers/s", (ours[0], rate), peer, goal=5.0),
            row(f"{timers:,} timers at one instant, p99 late", "1/s", (1 / ours[1], 1 / late), peer, goal=5.0),
        ]
    return found_rows


def _ours(folder: Path, amqp_uri: str, url: str, timers: int) -> Figures:
    fill(url, examples(), timers * SHARE)
    hearer = Hearer(amqp_uri, "sla.events", timers)
    hearer.start()
    with sla(folder, amqp_uri, url) as service:
        due = service.release(DUE - LEAD).real_start + LEAD
        return _figures(hearer, due)


def _celery(amqp_uri: str, url: str, timers: int) -> Figures:
    os.environ |= _environment(amqp_uri, url)
    from tests.bench.peers import timed
    from tests.bench.peers.timed_celery import fire

    timed.metadata.create_all(timed.engine)
    hearer = Hearer(amqp_uri, "bench.timed", timers)
    hearer.start()
    command = ["celery", "-A", "tests.bench.peers.timed_celery", "worker", "--concurrency", "2", "--loglevel", "ERROR"]
    with _running(
        [*command, "--without-gossip", "--without-mingle", "--without-heartbeat"], _environment(amqp_uri, url)
    ):
        due = wall_now() + timedelta(seconds=SETTLED_SECONDS + timers / 500)
        for number in range(timers):
            fire.apply_async([number], eta=due)
        if wall_now() > due:
            raise SystemExit("Celery was given its last task too late")
        return _figures(hearer, due)


def _apscheduler(amqp_uri: str, url: str, timers: int) -> Figures:
    hearer = Hearer(amqp_uri, "bench.timed", timers)
    hearer.start()
    command = ["tests.bench.peers.timed_apscheduler", str(timers), str(SETTLED_SECONDS)]
    with _running(command, _environment(amqp_uri, url)) as process:
        due = datetime.fromisoformat((process.stdout.readline() if process.stdout else "").strip())
        if wall_now() > due:
            raise SystemExit("APScheduler was given its last job too late")
        return _figures(hearer, due)


def _figures(hearer: Hearer, due: datetime) -> Figures:
    until(lambda: hearer.is_done, f"{hearer.wanted} timers are heard", pause=0.05)
    late = [(instant - due).total_seconds() for instant, _ in hearer.heard]
    return len(late) / max(late), statistics.quantiles(late, n=100)[98]


def _environment(amqp_uri: str, url: str) -> dict[str, str]:
    return {"BENCH_DB_URL": url, "BENCH_AMQP_URI": amqp_uri}


@contextmanager
def _running(module: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A peer's process; killed at the end."""
    command = [sys.executable, "-W", "ignore", "-m", *module]
    process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)
