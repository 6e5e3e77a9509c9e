"""Notify as a real process: events and requests in, files in the spool folder out, on a clock that is moved."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.base.clock import Anchor, ClockFile
from shared.events import CONTENT_TYPE, Envelope, exchange_of
from tests.conftest import ADDRESS
from tests.support.client import Client, client
from tests.support.keeper import ask
from tests.support.process import ServiceProcess, running
from tests.support.waiting import wait_for
from tests.unit.notify.events import CASE_NO, NOW, Case, alert, clock, step


@pytest.fixture(scope="module")
def vhost(request: pytest.FixtureRequest) -> str:
    return ask(request.config.stash[ADDRESS], "vhost")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notify")


@pytest.fixture(scope="module")
def suite_clock(folder: Path) -> ClockFile:
    file = ClockFile(folder / "clock.json")
    file.write(Anchor.real_time().moved_to(NOW, running=False))
    return file


@pytest.fixture(scope="module")
def notify(folder: Path, vhost: str, suite_clock: ClockFile) -> Iterator[ServiceProcess]:
    with running(ServiceProcess(folder, vhost, "notify", settings={"AFTERCARE_CLOCK": str(suite_clock.path)})) as found:
        yield found
        assert found.stop() == 0, found.tail()


@pytest.fixture
def outside(vhost: str, notify: ServiceProcess) -> Iterator[Client]:
    assert notify.is_alive(), notify.tail()
    with client(vhost) as found:
        yield found


def say(outside: Client, *events: Envelope) -> None:
    for event in events:
        exchange = exchange_of(event.source.rpartition("/")[2])
        outside.publish(exchange, event.type, event.to_bytes(), content_type=CONTENT_TYPE, message_id=event.id)


def asked(outside: Client, method: str, **request: Any) -> dict[str, Any]:
    answer = outside.ask_raw(f"notify.{method}", json.dumps({"args": [request], "kwargs": {}}).encode())
    assert answer["error"] is None, answer
    found: dict[str, Any] = answer["result"]
    return found


def refused(outside: Client, method: str, **request: Any) -> dict[str, Any]:
    answer = outside.ask_raw(f"notify.{method}", json.dumps({"args": [request], "kwargs": {}}).encode())
    found: dict[str, Any] = answer["error"]
    return found


def states(notify: ServiceProcess, case_no: str) -> list[tuple[str, str]]:
    found = notify.query(f"SELECT rule, state FROM messages WHERE case_no = '{case_no}' ORDER BY rule")
    return [(rule, state) for rule, state in found]


def test_a_case_is_told_of_and_the_spool_shows_it(outside: Client, notify: ServiceProcess, folder: Path) -> None:
    heard = outside.tap(exchange_of("notify"))
    case = Case()
    say(outside, case.event(), clock(case, "started"))
    wait_for(lambda: states(notify, CASE_NO) == [("registered", "delivered")], "the receipt")
    (file,) = [path for path in (folder / "spool").iterdir() if path.is_file()]
    assert CASE_NO in file.read_text()
    wait_for(lambda: outside.depth(heard) == 2, "what notify says")
    bodies = [outside.take(heard)[1].decode() for _ in range(2)]  # type: ignore[index] # there are two
    assert [json.loads(body)["type"] for body in bodies] == ["message.accepted.v1", "message.delivered.v1"]
    assert not any("13800138000" in body or "+86" in body for body in bodies)


def test_the_same_request_twice_is_one_message(outside: Client) -> None:
    request = {"key": "k-1", "channel": "email", "to": "a@example.com", "subject": "x", "text": "y"}
    first = asked(outside, "send", **request)
    assert asked(outside, "send", **request)["message_id"] == first["message_id"]
    (message,) = asked(outside, "messages", key="k-1")["messages"]
    assert message["audience"] == "customer"


@pytest.mark.parametrize(
    ("method", "field", "more"),
    [
        ("send", "to", {"key": "hook", "channel": "webhook", "to": "http://127.0.0.1:1/", "text": "x"}),
        (
            *("subscribe", "via.address"),
            {"team": "south", "pattern": "alert.#", "via": {"channel": "webhook", "address": "http://10.0.0.1/"}},
        ),
    ],
)
def test_nothing_is_accepted_for_a_network_of_ours(
    outside: Client, method: str, field: str, more: dict[str, Any]
) -> None:
    error = refused(outside, method, **more)
    assert error["exc_type"] == "Invalid"
    assert list(error["exc_args"][0]) == [field]
    assert asked(outside, "messages", key="hook")["messages"] == []


def test_moving_the_clock_hands_over_what_is_due(
    outside: Client, notify: ServiceProcess, suite_clock: ClockFile
) -> None:
    case = Case("260000000025").add("resolved")
    say(outside, case.event())
    wait_for(lambda: len(states(notify, case.case_no)) == 3, "the messages of the case")
    suite_clock.write(Anchor.real_time().moved_to(NOW + timedelta(days=2), running=False))
    assert notify.http("POST", "/clock")[0] == 200
    assert {state for _, state in states(notify, case.case_no)} <= {"delivered", "expired"}
    assert ("survey", "delivered") in states(notify, case.case_no)
    due = notify.page("/clock")["next_timer"]
    assert due is None or datetime.fromisoformat(due) > NOW.astimezone(UTC) + timedelta(days=2)


def test_teams_subscribe_and_hear(outside: Client, notify: ServiceProcess) -> None:
    via = {"channel": "email", "address": "Team@Example.com"}
    kept = asked(outside, "subscribe", team="south", pattern="alert.*.*.south.#", via=via)
    assert kept["via"]["address"] == "Team@example.com"
    would = asked(outside, "who_would_get", key="alert.recurrence.major.south.foshan")
    assert [each["to"] for each in would["recipients"]] == ["Team@example.com"]
    say(outside, alert(alert_id="a-9", severity="critical"))
    wait_for(lambda: notify.query("SELECT count(*) FROM messages WHERE key LIKE 'alert/a-9/%'") == [1], "the alert")
    asked(outside, "unsubscribe", subscription_id=kept["subscription_id"])
    assert asked(outside, "subscriptions")["subscriptions"] == []


def test_a_team_hears_in_its_queue_what_is_grave_enough_until_it_unsubscribes(outside: Client) -> None:
    queue = {"channel": "amqp", "address": "amqp://our.broker.example/"}
    kept = asked(outside, "subscribe", team="west", pattern="alert.*.*.west.#", via=queue)
    assert kept["via"]["address"] == "alerts.west"
    asked(outside, "subscribe", team="west", pattern="alert.*.*.west.#", via=queue, min_severity="serious")
    asked(outside, "subscribe", team="west", pattern="alert.*.critical.#", via=queue)
    hard = refused(outside, "subscribe", team="west", pattern="alert.*.minor.#", via=queue, min_severity="major")
    assert list(hard["exc_args"][0]) == ["min_severity"]

    def heard() -> list[str]:
        for severity in ("minor", "serious", "critical"):
            outside.publish("alerts", f"alert.recurrence.{severity}.west", severity.encode())
        outside.publish("alerts", "alert.recurrence.critical.east", b"east")
        outside.publish("alerts", "alert.recurrence.critical.west", b"last")
        found: list[str] = []

        def is_last() -> bool:
            message = outside.take("alerts.west")
            found.extend([message[1].decode()] if message else [])
            return found[-1:] == ["last"]

        wait_for(is_last, "the last alert")
        return found[:-1]

    assert heard() == ["serious", "critical", "east"]
    gone = asked(outside, "unsubscribe", team="west", pattern="alert.*.*.west.#")
    assert [each["min_severity"] for each in gone["subscriptions"]] == ["serious"]
    assert heard() == ["critical", "east"], "the other subscription keeps its key"
    assert refused(outside, "unsubscribe", team="west", pattern="alert.*.*.west.#")["exc_type"] == "NotFound"
    assert asked(outside, "unsubscribe", team="west")["state"] == "removed"


def test_what_cannot_be_read_is_parked_and_nobody_is_named_in_the_log(outside: Client, notify: ServiceProcess) -> None:
    broken = step(Case("260000000033"), "desk")
    broken.data["step"].pop("targets")
    say(outside, broken)
    wait_for(lambda: asked(outside, "parked_list", state="parked")["messages"], "the parked message")
    assert notify.http("POST", "/receipts/nobody")[0] == 404
    assert notify.http("POST", "/no/such/page")[0] == 404
    for method, route in (("POST", "/receipts/<provider>"), ("any", "none")):
        assert notify.metric(f'aftercare_http_requests_total{{method="{method}",route="{route}",status="404"}}') >= 1
    for personal in ("13800138000", "buyer@example.com", "+8613"):
        assert personal not in notify.said()
        assert personal not in notify.http("GET", "/metrics")[1]
