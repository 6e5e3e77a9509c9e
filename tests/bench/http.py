"""`register_case` over HTTP beside the same by RPC, 20 requests in flight each: what the front door costs.

Both run the same method on the same process; RPC's requests pass the broker, HTTP's the token and
the routes.
"""

import tempfile
from pathlib import Path

from shared.base.tokens import FIRST_TOKEN_FILE
from shared.nodes.ports import free_ports
from tests.bench.driver import Driver
from tests.bench.http_driver import rate
from tests.bench.measure import Row, row, take_turns
from tests.bench.processes import ours
from tests.bench.registration import IN_FLIGHT, PROMISE_OFF, requests

UNDER = 1.3
"""HTTP may take so many times as long."""


def rows(amqp_uri: str) -> list[Row]:
    """Registrations per second."""
    driver = Driver(amqp_uri)
    driver.listen("bench.heard", "intake.events")
    (port,) = free_ports(1)
    settings = {**PROMISE_OFF, "AFTERCARE_INTAKE_HTTP_RATE": "0"}
    with tempfile.TemporaryDirectory() as name, ours("intake", amqp_uri, Path(name), port, **settings):
        token = (Path(name) / FIRST_TOKEN_FILE).read_text().strip()
        figures = take_turns(
            lambda: rate(port, token, "/cases", requests(), IN_FLIGHT),
            lambda: driver.rate("intake.register_case", requests(), IN_FLIGHT),
        )
    driver.close()
    return [row("register_case over HTTP", "requests/s", figures, "the same by RPC", goal=round(1 / UNDER, 3))]
