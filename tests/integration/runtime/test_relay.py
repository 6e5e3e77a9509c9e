"""The relay against a real broker: confirms, refusals, and events that nobody hears (design 3, contracts 5)."""

from collections.abc import Iterator

import pytest

from tests.support.client import Client
from tests.support.probe import NAME
from tests.support.process import ServiceProcess
from tests.support.waiting import wait_for

MUST_BE_HEARD = "order.missed.v1"
NEED_NOT_BE_HEARD = "stock.low.v1"


def pending(probe: ServiceProcess, kind: str = "%") -> int:
    (count,) = probe.query(f"SELECT count(*) FROM outbox WHERE sent_at IS NULL AND routing_key LIKE '{kind}'")
    return int(count)


def say(outside: Client, key: str, kind: str, count: int = 1) -> None:
    assert outside.ask("note", {"key": key, "events": count, "type": kind})["error"] is None


def test_windows_follow_each_other_until_all_is_confirmed(outside: Client, probe: ServiceProcess) -> None:
    tap = outside.tap(f"{NAME}.events", "order.#")
    say(outside, "windows", "order.due.v1", 950)
    wait_for(lambda: pending(probe) == 0, "all confirmed")
    assert outside.depth(tap) == 950
    assert probe.metric("aftercare_outbox_pending") == 0


def test_what_nobody_hears_and_nobody_must_is_sent_and_counted(outside: Client, probe: ServiceProcess) -> None:
    before = probe.metric("aftercare_events_unheard_total")
    say(outside, "unheard", NEED_NOT_BE_HEARD, 3)
    wait_for(lambda: pending(probe) == 0, "sent")
    wait_for(lambda: probe.metric("aftercare_events_unheard_total") == before + 3, "counted")


def test_what_must_be_heard_waits_alarms_and_holds_nobody_up(outside: Client, probe: ServiceProcess) -> None:
    say(outside, "missed", MUST_BE_HEARD, 250)  # more than a window
    wait_for(lambda: probe.metric("aftercare_events_refused_total") >= 250, "refused")
    assert '"level": "error"' in next(line for line in probe.said().splitlines() if "nobody hears them" in line)
    assert pending(probe, MUST_BE_HEARD) == 250

    say(outside, "behind", "order.due.v1", 5)
    wait_for(lambda: probe.query("SELECT count(*) FROM effects WHERE subject = 'behind'") == [5], "those behind")
    assert pending(probe, MUST_BE_HEARD) == 250

    tap = outside.tap(f"{NAME}.events", MUST_BE_HEARD)
    wait_for(lambda: pending(probe) == 0, "heard at last")
    assert outside.depth(tap) == 250


@pytest.fixture(params=["quorum", "classic"])
def full(request: pytest.FixtureRequest, outside: Client) -> Iterator[str]:
    """A queue that is full and hears what the probe says."""
    name = f"full-{request.param}"
    limits = {"x-queue-type": request.param, "x-max-length": 1, "x-overflow": "reject-publish"}
    outside.channel.queue_declare(name, durable=True, arguments=limits)
    for _ in range(5):  # the limit of a quorum queue is a soft one
        outside.publish("", name, b"there before")
    wait_for(lambda: outside.depth(name) >= 1, "full")
    outside.channel.queue_bind(name, f"{NAME}.events", "order.due.#")
    yield name
    outside.channel.queue_delete(name)


def test_what_the_broker_refuses_is_sent_again(outside: Client, probe: ServiceProcess, full: str) -> None:
    before = probe.metric("aftercare_events_refused_total")
    say(outside, full, "order.due.v1", 8)
    wait_for(lambda: probe.metric("aftercare_events_refused_total") > before, "a nack")
    assert pending(probe) == 8

    outside.channel.queue_delete(full)
    wait_for(lambda: pending(probe) == 0, "sent at last")
    wait_for(lambda: probe.query(f"SELECT count(*) FROM effects WHERE subject = '{full}'") == [8], "eight effects")
    assert set(probe.effects().values()) == {1}


def test_a_queue_that_was_deleted_comes_back(outside: Client, probe: ServiceProcess) -> None:
    before = probe.said().count("Cancel")
    for queue in (f"{NAME}.echo", f"rpc-{NAME}"):
        outside.channel.queue_delete(queue)
    wait_for(lambda: probe.said().count("Cancel") >= before + 2 and probe.is_ready(), "noticed, and ready again")
    say(outside, "comes back", "order.due.v1")
    wait_for(lambda: probe.query("SELECT count(*) FROM effects WHERE subject = 'comes back'") == [1], "the effect")


def test_an_exchange_that_was_deleted_is_declared_again(outside: Client, probe: ServiceProcess) -> None:
    outside.channel.exchange_delete(f"{NAME}.events")
    say(outside, "no exchange", NEED_NOT_BE_HEARD)
    wait_for(lambda: pending(probe) == 0, "sent after declaring it again")
