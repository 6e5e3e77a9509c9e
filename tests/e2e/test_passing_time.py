"""Time is moved ahead: what is due fires on the way, in order, and once."""

import json
from contextlib import closing

import pika
import pytest

from shared.kernel.instants import parse_instant
from tests.e2e.conftest import Running, StartSuite

FRIDAY_NIGHT = "2026-10-09T22:00:00+08:00"
EXPECTED = [
    ("first_response", "clock.warned.v1", "2026-10-10T10:00:00+08:00"),
    ("handover", "clock.warned.v1", "2026-10-10T14:00:00+08:00"),
    ("handover", "clock.warned.v1", "2026-10-10T16:24:00+08:00"),
    ("first_response", "clock.warned.v1", "2026-10-10T17:12:00+08:00"),
    ("handover", "clock.breached.v1", "2026-10-10T18:00:00+08:00"),
    ("first_response", "clock.breached.v1", "2026-10-10T22:00:00+08:00"),
    ("progress", "clock.warned.v1", "2026-10-12T10:00:00+08:00"),
    ("progress", "clock.warned.v1", "2026-10-13T07:36:00+08:00"),
    ("progress", "clock.breached.v1", "2026-10-13T22:00:00+08:00"),
]
PROMPT_SECONDS = 60


@pytest.fixture(scope="module")
def running(start_suite: StartSuite) -> Running:
    return start_suite("--clock-start", FRIDAY_NIGHT)


def test_the_clock_runs_in_every_process_once_the_suite_is_ready(running):
    times = {name: service["now"] for name, service in running.told("status")["services"].items()}
    assert all(parse_instant(time) > parse_instant(FRIDAY_NIGHT) for time in times.values()), times


def test_warnings_and_breaches_fire_in_order_at_their_own_instants(running):
    with closing(pika.BlockingConnection(pika.URLParameters(running.suite.amqp_uri))) as connection:
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).method.queue
        for key in ("clock.warned.v1", "clock.breached.v1"):
            channel.queue_bind(queue, "sla.events", key)
        running.done(
            *"case register --kind complaint --channel phone --subject tiles --description off".split(),
            *("--occurred-at", FRIDAY_NIGHT),
        )
        moved = running.told("clock", "forward", "--to", "2026-10-14T09:00:00+08:00")
        said = list(_everything(channel, queue))
    fired = [(event["data"]["clock"]["clock"], event["type"]) for event in said]
    assert fired == [(clock, kind) for clock, kind, _ in EXPECTED]
    for event, (_, _, instant) in zip(said, EXPECTED, strict=True):
        late = (parse_instant(event["time"]) - parse_instant(instant)).total_seconds()
        assert 0 <= late < PROMPT_SECONDS, (event["type"], event["time"], instant)
    assert moved["hops"] >= len(EXPECTED), "it stops at other services' timers too: ladders, quiet hours"


def test_every_process_stands_at_the_new_time_and_suite_json_says_so(running):
    moved = running.told("clock", "forward", "1h30m")
    since, now = parse_instant(moved["from"]), parse_instant(moved["now"])
    assert 5400 <= (now - since).total_seconds() < 5400 + 300
    assert parse_instant(running.suite.clock["start"]) > since
    times = [parse_instant(service["now"]) for service in running.told("status")["services"].values()]
    assert all(now <= time for time in times)


def test_time_never_goes_back(running):
    refused = running.aftercare("clock", "forward", "--to", FRIDAY_NIGHT)
    assert refused.returncode == 2
    assert "time only goes forward" in refused.stderr


@pytest.mark.parametrize("words", [(), ("1h", "--to", FRIDAY_NIGHT), ("soon",), ("--to", "2026-10-20")])
def test_a_wrong_target_is_refused(running, words):
    refused = running.aftercare("clock", "forward", *words)
    assert (refused.returncode, len(refused.stderr.splitlines())) == (2, 1)


def _everything(channel, queue):
    while (found := channel.basic_get(queue, auto_ack=True))[0] is not None:
        yield json.loads(found[2])
