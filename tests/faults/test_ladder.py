"""SIGKILL in mid-ladder: no step is lost, none is reached twice, nobody is told twice of one (ES-3, AL-2)."""

import json
import signal
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.base.clock import Anchor, ClockFile
from shared.events import CONTENT_TYPE
from tests.support.client import Client, client
from tests.support.process import ServiceProcess
from tests.support.waiting import wait_for
from tests.unit.escalation.cases import a_case, at

CASES = 12
SPEED = 3600.0
"""Suite seconds in a real one: the whole ladder for major cases takes two and a half hours, or 2.5 s."""
NIGHT = "2026-10-17 23:30"
POINTS = {
    "escalation: a step before its commit": 2,
    "event after its commit, before it is published": 3,
}


PLANTED = ("王小明", "+8613800138000", "xiaoming@customer.example")
"""A customer's name, number and address, which no log may show (AL-4)."""


def set_clock(folder: Path) -> Path:
    file = folder / "clock.json"
    ClockFile(file).write(replace(Anchor.real_time(), start=at(NIGHT), speed=SPEED, monotonic=time.monotonic()))
    return file


def publish_cases(outside: Client) -> None:
    for number in range(CASES):
        name, phone, email = PLANTED
        case = a_case(NIGHT, f"{280000000000 + number}", severity="major", category=None)
        event = case.event(customer={"name": name, "phone": phone, "email": email}, subject=f"call {name}, {phone}")
        outside.publish(
            "intake.events",
            event.type,
            event.to_bytes(),
            content_type=CONTENT_TYPE,
            message_id=event.id,
            delivery_mode=2,
        )


def heard(outside: Client, queue: str) -> dict[str, dict[str, Any]]:
    """Everything that was published, by event id: what came twice has the same id, and an inbox takes it once."""
    found = {}
    while (taken := outside.take(queue)) is not None:
        body = json.loads(taken[1])
        found[body["id"]] = body
    return found


@pytest.mark.parametrize("point", POINTS)
def test_a_crash_on_the_ladder_loses_and_doubles_nothing(tmp_path: Path, amqp_uri: str, point: str) -> None:
    service = ServiceProcess(tmp_path, amqp_uri, "escalation", settings={"AFTERCARE_CLOCK": str(set_clock(tmp_path))})
    service.module = ["tests.faults.struck", "escalation"]
    try:
        service.start(point, str(POINTS[point])).ready()
        with client(amqp_uri) as outside:
            tap = outside.tap("escalation.events")
            publish_cases(outside)
            wait_for(lambda: not service.is_alive(), f"the crash at: {point}")
            assert service.wait() == -signal.SIGKILL, service.tail()
            assert service.query("SELECT count(*) FROM escalations WHERE next_at IS NULL") == [0], "in mid-ladder"
            service.start().ready()
            wait_for(lambda: finished(service), "the ends of the ladders")
            events = heard(outside, tap)
        assert service.stop() == 0, service.tail()
        check(service, events)
    finally:
        service.kill()


def finished(service: ServiceProcess) -> bool:
    done = service.query("SELECT count(*) FROM escalations WHERE next_at IS NULL AND number = 2")
    return done == [CASES] and service.is_quiet()


def check(service: ServiceProcess, events: dict[str, dict[str, Any]]) -> None:
    assert set(events) == set(service.query("SELECT event_id FROM outbox WHERE exchange <> 'alerts'"))
    said = Counter(
        (body["data"]["escalation"]["escalation_id"], int(body["sequence"]))
        for body in events.values()
        if body["type"] != "alert.raised.v1"
    )
    assert set(said.values()) == {1}, "each version of each escalation is said once"
    versions = dict(service.query("SELECT id, version FROM escalations"))
    assert len(versions) == CASES
    assert set(said) == {(walk, number) for walk, last in versions.items() for number in range(1, last + 1)}
    assert service.query("SELECT kind, count(*) FROM alerts GROUP BY kind") == [("major_case", CASES)]
    assert not any(each in service.said() or each in str(events) for each in PLANTED)
    reached = service.query("SELECT count(*) FROM story WHERE what = 'step_reached'")
    assert reached == [2 * CASES], "vice president and head, then the head alone, once each"
