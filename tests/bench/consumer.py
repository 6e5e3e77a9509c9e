"""Handling events: a consumer of the suite against a plain nameko event handler, each on its own SQLite file.

Ours is escalation: it marks the message as taken, reads the case, looks whether anybody must be told, keeps what
it knows and commits by the hundred; the peer inserts a row and commits, and may handle a message twice.
"""

import json
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from tests.bench.driver import Driver
from tests.bench.measure import Row, row, take_turns
from tests.bench.processes import count_rows, ours, plain_nameko, until

EVENTS = 5_000


def rows(amqp_uri: str) -> list[Row]:
    """Events handled per second."""
    driver = Driver(amqp_uri)
    with (
        tempfile.TemporaryDirectory() as name,
        ours("escalation", amqp_uri, Path(name)) as our_database,
        plain_nameko(amqp_uri, Path(name)) as plain_database,
    ):
        figures = take_turns(lambda: _suite(driver, our_database), lambda: _plain(driver, plain_database))
    driver.close()
    return [row("consumer", "events/s", figures, "plain nameko event handler", goal=2.0)]


def _case(number: int) -> dict[str, object]:
    """A live case that nobody has to be told of, with five facts."""
    instant = "2026-10-09T22:00:00+08:00"
    names = ("received", "handed_over", "investigation_started", "inspected", "replied")
    facts = [
        {"seq": seq, "fact": name, "at": instant, "recorded_at": instant, "by": "clerk-day"}
        for seq, name in enumerate(names, 1)
    ]
    return {
        "case_no": f"{number:012}",
        "mode": "live",
        "version": 5,
        "state": "investigating",
        "waiting": False,
        "kind": "complaint",
        "channel": "phone",
        "region": "south",
        "category": None,
        "severity": "minor",
        "verifiable": True,
        "owner": "li.qiang",
        "facts": facts,
        "milestones": {},
    }


def _suite(driver: Driver, database: Path) -> float:
    first = count_rows(database, "subjects")
    bodies = [
        json.dumps(
            {
                "specversion": "1.0",
                "id": str(uuid4()),
                "source": "/aftercare/intake",
                "type": "case.registered.v1",
                "subject": f"{number:012}",
                "time": "2026-10-09T14:00:00+00:00",
                "sequence": "5",
                "data": {"case": _case(number)},
            }
        ).encode()
        for number in range(first, first + EVENTS)
    ]
    return _handled(
        driver, ("intake.events", "case.registered.v1", bodies, "application/cloudevents+json"), (database, "subjects")
    )


def _plain(driver: Driver, database: Path) -> float:
    bodies = [json.dumps({"subject": str(uuid4()), "case": _case(number)}).encode() for number in range(EVENTS)]
    return _handled(driver, ("bench.events", "heard", bodies, "application/json"), (database, "heard"))


def _handled(driver: Driver, publish: tuple[str, str, list[bytes], str], effect: tuple[Path, str]) -> float:
    before = count_rows(*effect)
    begun = time.perf_counter()
    driver.publish(*publish)
    until(lambda: count_rows(*effect) == before + EVENTS, f"{effect[1]} holds {EVENTS} more")
    return EVENTS / (time.perf_counter() - begun)
