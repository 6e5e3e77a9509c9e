"""From a breach to the mail in a local mail server's hands, and a burst of a thousand breaches at one instant.

Each breach of the steady stream has an owner of its own, so none of their mails is bundled; the complaints desk hears
of all of them and is spared by bundles. The burst has one owner. The references are the goals in milliseconds, seconds
and messages: the ratio must not be under 1.
"""

import asyncio
import contextlib
import json
import sqlite3
import statistics
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from aiosmtpd.controller import Controller

from shared.base.clock import Anchor, ClockFile
from shared.nodes.ports import free_ports
from tests.bench.driver import Driver
from tests.bench.measure import Row, goal_row
from tests.bench.processes import ours, until

BREACHES = 400
A_SECOND = 20
BURST = 1_000
P99_GOAL_MILLISECONDS = 500.0
BURST_GOAL_SECONDS = 30.0
BURST_GOAL_MESSAGES = 6.0
STREAM, BURST_REGION = "north", "south"
"""Each has a complaints desk of its own: what the stream held up is not the burst's."""
DAYTIME = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
"""Monday, 10:00 in Shanghai: nobody's quiet hours."""


class Taken:
    """When each recipient's mails were handed over."""

    def __init__(self) -> None:
        self.at: dict[str, list[float]] = {}
        self._lock = threading.Lock()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Note the moment."""
        with self._lock:
            for to in envelope.rcpt_tos:
                self.at.setdefault(to, []).append(time.perf_counter())
        return "250 taken"


def rows(amqp_uri: str) -> list[Row]:
    """The steady stream and the burst, on one service."""
    taken, (port,) = Taken(), free_ports(1)
    server = Controller(taken, hostname="127.0.0.1", port=port, loop=asyncio.new_event_loop())
    server.start()
    driver = Driver(amqp_uri)
    driver.listen("bench.messages", "notify.events")
    try:
        with tempfile.TemporaryDirectory() as name:
            settings = _settings(Path(name), port)
            with ours("notify", amqp_uri, Path(name), **settings) as database:
                latencies = _stream(driver, taken)
                seconds, most = _burst(driver, taken, database)
    finally:
        driver.close()
        server.stop()
    p99 = statistics.quantiles(latencies, n=100)[98]
    return [
        goal_row("breach to mail server, p99 at 20 a second", "ms", 1000 * p99, P99_GOAL_MILLISECONDS),
        goal_row("burst of 1,000 breaches, all handed over", "s", seconds, BURST_GOAL_SECONDS),
        goal_row("burst of 1,000 breaches, mails to one person", "mails", most, BURST_GOAL_MESSAGES),
    ]


def _settings(folder: Path, port: int) -> dict[str, str]:
    people: list[dict[str, Any]] = [
        {"id": each, "name": each, "roles": ["complaints_desk"], "regions": [each], "email": f"{each}@example.com"}
        for each in (STREAM, BURST_REGION)
    ]
    people += [
        {"id": f"owner-{number}", "name": f"owner {number}", "roles": ["owner"], "email": f"owner-{number}@example.com"}
        for number in range(BREACHES + 1)
    ]
    (folder / "people.yaml").write_text(yaml.safe_dump({"people": people}))
    ClockFile(folder / "clock.json").write(Anchor.real_time().moved_to(DAYTIME))
    return {
        "AFTERCARE_NOTIFY_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "AFTERCARE_PEOPLE": str(folder / "people.yaml"),
        "AFTERCARE_CLOCK": str(folder / "clock.json"),
    }


def _stream(driver: Driver, taken: Taken) -> list[float]:
    """Seconds from the publishing of each breach to its owner's mail."""
    begun: dict[str, float] = {}
    start = time.perf_counter()
    for number in range(BREACHES):
        owner = f"owner-{number}"
        while time.perf_counter() < start + number / A_SECOND:
            time.sleep(0.001)
        begun[f"{owner}@example.com"] = time.perf_counter()
        _publish(driver, [_breach(number, owner, STREAM)])
    until(lambda: all(to in taken.at for to in begun), "every owner has their mail")
    return [taken.at[to][0] - at for to, at in begun.items()]


def _burst(driver: Driver, taken: Taken, database: Path) -> tuple[float, float]:
    """Seconds until every message of the burst was handed over, and the most mails that one person got."""
    bodies = [_breach(BREACHES + number, f"owner-{BREACHES}", BURST_REGION) for number in range(BURST)]
    begun = time.perf_counter()
    _publish(driver, bodies)
    until(lambda: _sent(database) == 2 * BURST, "everything is handed over")
    seconds = time.perf_counter() - begun
    people = (f"{BURST_REGION}@example.com", f"owner-{BREACHES}@example.com")
    return seconds, float(max(len(taken.at[to]) for to in people))


def _sent(database: Path) -> int:
    """Messages of the burst that were handed over; their case numbers begin where the stream's end."""
    of_burst = f"SELECT count(*) FROM messages WHERE state = 'sent' AND case_no >= '{BREACHES:012}'"
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        count: int = connection.execute(of_burst).fetchone()[0]
        return count


def _publish(driver: Driver, bodies: list[bytes]) -> None:
    driver.publish("sla.events", "clock.breached.v1", bodies, "application/cloudevents+json")


def _breach(number: int, owner: str, region: str) -> bytes:
    case_no, due = f"{number:012}", DAYTIME - timedelta(seconds=1)
    clock = {
        "clock": "first_response",
        "case_no": case_no,
        "generation": 1,
        "revision": 4,
        "state": "breached",
        "started_at": due.isoformat(),
        "due_at": due.isoformat(),
        "warned": [],
        "used_seconds": 86400.0,
        "left_seconds": 0.0,
        "provisional": False,
        "policy_version": "1",
        "calendar_version": "cn-2026",
    }
    case = {"case_no": case_no, "mode": "live", "kind": "complaint", "region": region, "category": None}
    event = {
        "specversion": "1.0",
        "id": str(uuid4()),
        "source": "/aftercare/sla",
        "type": "clock.breached.v1",
        "subject": case_no,
        "time": DAYTIME.isoformat(),
        "sequence": "4",
        "data": {"clock": clock, "case": case | {"severity": "minor", "owner": owner}},
    }
    return json.dumps(event).encode()
