"""`take_step` against plain nameko doing one update and a dispatch, and at 1,000 entries against 10.

Ours checks the step against the table, reads the case with all its facts, keeps the step sealed and chained, says it
with every fact, answers with the case; with 20 requests in flight, as registrations are measured.

What a step costs is processor time of the whole process until its event is confirmed, for 1,000 facts make an event and
an answer of 150 kB each, and what the driver and the broker do with those is not the suite's. Part of it is the
relay's, which is measured alone on the same events; the rest is the request's.
"""

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from tests.bench.driver import Driver
from tests.bench.histories import cases_with
from tests.bench.measure import Row, in_process, row, take_turns
from tests.bench.processes import first_column, ours, plain_nameko, postgres, until
from tests.bench.registration import IN_FLIGHT, PROMISE_OFF, requests
from tests.support.process import ServiceProcess, running

STEPS: Final = 1_500
ROUNDS: Final = 5
SHORT: Final = 10
LONG: Final = 1_000
CASES: Final = {SHORT: 150, LONG: 25}
MEASURED: Final = 300
"""Steps of a turn: two entries more for each short history, twelve for each long one."""
WARM: Final = 60
AT_TEN: Final = f"{SHORT} / {LONG:,} entries"
SENT: Final = 25


def rows(amqp_uri: str) -> list[Row]:
    """Steps per second beside the peer's; what a step costs at both lengths."""
    driver = Driver(amqp_uri)
    driver.listen("bench.heard", "intake.events", "plain.events")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with ours("intake", amqp_uri, folder, **PROMISE_OFF) as kept, plain_nameko(amqp_uri, folder) as plain:
            known = {"intake": _numbers(driver, "intake", kept), "plain": _numbers(driver, "plain", plain)}
            figures = take_turns(
                lambda: _rate(driver, "intake", known["intake"]), lambda: _rate(driver, "plain", known["plain"]), ROUNDS
            )
    peer = "plain nameko: rpc, one SQLAlchemy update, EventDispatcher"
    found = [row("take_step", "requests/s", figures, peer, goal=1.0)]
    found += _lengths(driver, amqp_uri)
    found.append(_on_postgres(driver, amqp_uri))
    driver.close()
    return found


def _numbers(driver: Driver, service: str, database: Path) -> list[Any]:
    """Cases to take steps of, just registered."""
    driver.rate(f"{service}.register_case", requests(), IN_FLIGHT)
    return first_column(database, f"SELECT {'case_no' if service == 'intake' else 'id'} FROM cases")


def _rate(driver: Driver, service: str, cases: Sequence[Any]) -> float:
    return driver.rate(f"{service}.take_step", steps(cases, STEPS), IN_FLIGHT)


def steps(cases: Sequence[Any], count: int) -> list[dict[str, Any]]:
    """So many steps of these cases in turn."""
    step = {"step": "record_progress", "by": "li.qiang", "text": "The wall was dried and primed again."}
    return [{"case_no": case_no, **step} for case_no in islice(cycle(cases), count)]


def _lengths(driver: Driver, amqp_uri: str) -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        intake = ServiceProcess(folder, amqp_uri, "intake", f"sqlite:///{folder / 'intake.db'}", PROMISE_OFF)
        whole, short, long = _whole(driver, intake)
        sending = take_turns(lambda: _sending(amqp_uri, intake, short), lambda: _sending(amqp_uri, intake, long))
    asking = (whole[0] - sending[0], whole[1] - sending[1])
    return [
        row(f"take_step at {LONG:,} entries, CPU of a step", "us", whole, AT_TEN, goal=0.8),
        row(f"take_step at {LONG:,} entries, CPU until answered", "us", asking, AT_TEN, goal=0.8),
        row(f"take_step at {LONG:,} entries, CPU of sending its event", "us", sending, AT_TEN, goal=0.0),
    ]


def _on_postgres(driver: Driver, amqp_uri: str) -> Row:
    """The same there, where events are kept whole: 150 kB go to the database and come back."""
    with tempfile.TemporaryDirectory() as name, postgres(Path(name)) as node:
        folder = Path(name)
        intake = ServiceProcess(folder, amqp_uri, "intake", node.create_database("intake"), PROMISE_OFF)
        whole, _short, _long = _whole(driver, intake)
    return row(f"take_step at {LONG:,} entries, PostgreSQL, CPU of a step", "us", whole, AT_TEN, goal=0.8)


def _whole(driver: Driver, intake: ServiceProcess) -> tuple[tuple[float, float], list[str], list[str]]:
    """What a step costs at both lengths, and the cases of which they were taken."""
    short, long = (cases_with(intake.db_url, CASES[length], length) for length in (SHORT, LONG))
    with running(intake):
        for cases in (short, long):
            driver.rate("intake.take_step", steps(cases, WARM), IN_FLIGHT)
        costs = take_turns(lambda: _cost(driver, intake, short), lambda: _cost(driver, intake, long), ROUNDS)
    return costs, short, long


def _cost(driver: Driver, intake: ServiceProcess, cases: Sequence[str]) -> float:
    """Processor microseconds of a step of these cases."""
    until(intake.is_quiet, "every event is confirmed", 0.1)
    before = intake.processor_seconds()
    driver.rate("intake.take_step", steps(cases, MEASURED), IN_FLIGHT)
    until(intake.is_quiet, "every event is confirmed", 0.1)
    return 1e6 * (intake.processor_seconds() - before) / MEASURED


def _sending(amqp_uri: str, intake: ServiceProcess, cases: Sequence[str]) -> float:
    """Processor microseconds of the relay for an event of one of these cases."""
    return float(in_process("tests.bench.steps", amqp_uri, intake.db_url, *cases[:SENT])["us"])


def main(amqp_uri: str, url: str, *cases: str) -> None:
    """Send the last event of each of these cases, again and again."""
    from services.intake.storage.tables import MESSAGING
    from services.intake.storage.told import whole
    from shared.base.clock import SuiteClock
    from shared.base.database import Database
    from shared.base.link import Link
    from shared.outbox.relay import Publisher, Relay

    database, outbox = Database(url, service="intake", clock=SuiteClock()), MESSAGING.outbox
    about = sa.func.instr(outbox.c.body, sa.bindparam("about")) > 0
    with database.read() as connection:
        query = sa.select(sa.func.max(outbox.c.id)).where(about)
        ids = [connection.scalar(query, {"about": f'"subject":"{case_no}"'}) for case_no in cases]
    relay = Relay(database, outbox)
    with Link(amqp_uri, "bench") as link:
        publisher, took = Publisher(link, whole=partial(whole, database)), []
        for _ in range(ROUNDS + 1):
            with database.write() as uow:
                uow.connection.execute(outbox.update().where(outbox.c.id.in_(ids)).values(sent_at=None))
            begun = time.process_time()
            relay.turn(publisher)
            took.append(time.process_time() - begun)
    # The first round finds nothing in memory, as no relay does that runs beside the steps.
    sys.stdout.write(json.dumps({"us": 1e6 * sum(took[1:]) / ROUNDS / len(ids)}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
