"""`register_case` against plain nameko doing the same by its own documentation, with 20 requests in flight.

Ours validates every field, commits the case, its first fact, its event and its answer in one transaction, and says
the event with a matched confirm. The promise is off, as the peer has none; `register_case with promise` shows it on.
"""

import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.bench.driver import Driver
from tests.bench.measure import Row, row, take_turns
from tests.bench.processes import ours, plain_nameko

REQUESTS = 1_500
IN_FLIGHT = 20
ROUNDS = 7
"""So many, for a second of another program on the machine is a good part of a turn."""
PROMISE_OFF = {"AFTERCARE_INTAKE_PROMISES": "off"}


def rows(amqp_uri: str) -> list[Row]:
    """Registrations per second."""
    driver = Driver(amqp_uri)
    driver.listen("bench.heard", "intake.events", "plain.events")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with ours("intake", amqp_uri, folder, **PROMISE_OFF), plain_nameko(amqp_uri, folder):
            figures = take_turns(lambda: _rate(driver, "intake"), lambda: _rate(driver, "plain"), ROUNDS)
        with ours("intake", amqp_uri, folder), ours("sla", amqp_uri, folder), plain_nameko(amqp_uri, folder):
            promised = take_turns(lambda: _rate(driver, "intake"), lambda: _rate(driver, "plain"))
    driver.close()
    peer = "plain nameko: rpc, SQLAlchemy commit, EventDispatcher"
    return [
        row("register_case", "requests/s", figures, peer, goal=1.3),
        row("register_case with promise", "requests/s", promised, peer, goal=0.0),
    ]


def _rate(driver: Driver, service: str) -> float:
    return driver.rate(f"{service}.register_case", requests(), IN_FLIGHT)


def requests() -> list[dict[str, Any]]:
    """Complaints that nobody has registered yet."""
    return [
        {
            "kind": "complaint",
            "channel": "phone",
            "external_ref": str(uuid4()),
            "region": "south.guangdong.foshan",
            "customer": {"name": "A. Buyer", "phone": "+8613800138000"},
            "subject": "tile adhesive does not hold",
            "description": "Forty square metres came off the wall two weeks after the work was done.",
        }
        for _ in range(REQUESTS)
    ]
