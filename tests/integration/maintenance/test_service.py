"""The real service on its broker: a year goes by, and it is killed in the middle; nothing is lost, nothing twice."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from shared.base.broker import declare_queue
from shared.base.clock import Anchor, ClockFile
from shared.base.link import Link
from shared.cli.rpc import Rpc
from shared.kernel.instants import parse_instant
from tests.integration.maintenance.workshop import LINE, at
from tests.support.process import ServiceProcess

EARS = "notify.orders"
DUE = ["2026-02-02", "2026-02-28", "2026-03-31", "2026-04-30"]


class Hearing:
    """Whoever listens to the orders."""

    def __init__(self, amqp_uri: str) -> None:
        self._link = Link(amqp_uri, "a test that listens")
        self._channel = self._link.channel()
        self._channel.exchange_declare("maintenance.events", "topic", durable=True, auto_delete=False)
        declare_queue(self._channel, EARS, {"maintenance.events": ["#"]})

    def heard(self) -> list[dict[str, Any]]:
        """What was said since the last time."""
        found = []
        while (message := self._channel.basic_get(EARS, no_ack=True)) is not None:
            found.append(json.loads(message.body))
        return found

    def close(self) -> None:
        """Hang up."""
        self._link.close()


@pytest.fixture
def hearing(amqp_uri: str) -> Iterator[Hearing]:
    found = Hearing(amqp_uri)
    yield found
    found.close()


@pytest.fixture
def clock(tmp_path: Path) -> ClockFile:
    file = ClockFile(tmp_path / "clock.json")
    file.write(Anchor.real_time().moved_to(at("2026-01-05 10:00"), running=False))
    return file


@pytest.fixture
def service(tmp_path: Path, amqp_uri: str, clock: ClockFile) -> Iterator[ServiceProcess]:
    found = ServiceProcess(tmp_path, amqp_uri, "maintenance", settings={"AFTERCARE_CLOCK": str(clock.path)})
    try:
        yield found
    finally:
        found.kill()


def test_a_year_with_an_outage(service: ServiceProcess, hearing: Hearing, clock: ClockFile, amqp_uri: str) -> None:
    service.start().ready()
    with Rpc(amqp_uri) as rpc:
        for number in range(3):
            line = rpc.call("maintenance.register_equipment", {**LINE, "serial_no": f"SN {number}"})
            for level in ("routine", "quarterly"):
                plan = {"equipment_id": line["equipment_id"], "level": level, "anchor": "2025-12-31"}
                rpc.call("maintenance.set_plan", plan)

    forward(service, clock, at("2026-04-18 10:00"))
    heard = hearing.heard()
    said = [(each["type"], each["data"]["order"]["due_on"], each["subject"]) for each in heard]
    for order_no_of in (1, 3, 5):
        mine = [
            due
            for kind, due, number in said
            if kind == "order.planned.v1" and plan_of(number) in (order_no_of, order_no_of + 1)
        ]
        assert mine == DUE
    times = [datetime.fromisoformat(each["time"]) for each in heard]
    assert times == sorted(times)
    planned = [each for each in heard if each["type"] == "order.planned.v1"]
    assert {each["time"] for each in planned[:3]} == {"2026-01-16T16:00:00+00:00"}, "at the very instant"

    service.kill()
    clock.write(moved(clock, at("2026-11-03 10:00")))
    service.start().ready()
    for page in ("/clock", "/rest"):
        assert service.http("POST", page)[0] == 200
    heard += hearing.heard()
    assert max(Counter((each["type"], each["subject"]) for each in heard).values()) == 1
    assert len({each["id"] for each in heard}) == len(heard)
    for plan, last in [(1, 10), (2, 3)]:
        slots = service.query(f"SELECT slot FROM slots WHERE plan_id = {plan} ORDER BY slot")
        assert slots == list(range(1, last + 1)), "every slot once, without a gap"
    unexplained = "SELECT count(*) FROM slots WHERE outcome != 'made' AND reason IS NULL"
    assert service.query(unexplained) == [0]
    assert "林工" not in service.said()
    assert "13800138000" not in service.said()


def plan_of(order_no: str) -> int:
    return int(order_no[1:].partition("-")[0])


def forward(service: ServiceProcess, clock: ClockFile, goal: datetime) -> None:
    """What `aftercare clock forward` does, for one service: it stops wherever something is due."""
    while (due := service.page("/clock")["next_timer"]) is not None and parse_instant(due) <= goal:
        clock.write(moved(clock, parse_instant(due)))
        assert service.http("POST", "/clock")[0] == 200
    clock.write(moved(clock, goal))
    assert service.http("POST", "/rest")[0] == 200


def moved(clock: ClockFile, instant: datetime) -> Anchor:
    anchor = clock.read()
    assert anchor is not None
    return anchor.moved_to(instant)
