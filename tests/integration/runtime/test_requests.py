"""RPC against the world: whatever arrives is answered or refused, and the process lives (contracts 4, design 3)."""

import gzip
import json
from struct import pack
from typing import Any

import pika
import pytest

from shared.base.broker import DEAD_QUEUE, RPC_EXCHANGE
from shared.runtime.requests import MAX_BODY_BYTES
from tests.support.client import Client, client
from tests.support.probe import NAME
from tests.support.process import ServiceProcess
from tests.support.waiting import wait_for

GOOD = json.dumps({"args": [{}], "kwargs": {}}).encode()


class RawProperties(pika.BasicProperties):  # type: ignore[misc]
    """Property bytes as no honest client writes them."""

    def __init__(self, raw: bytes) -> None:
        super().__init__()
        self.raw = raw

    def encode(self) -> list[bytes]:
        """What goes on the wire."""
        return [self.raw]


def error_of(answer: Any) -> str:
    assert answer is not None, "no answer came"
    assert answer["result"] is None
    return str(answer["error"]["exc_type"])


@pytest.mark.parametrize(
    ("key", "body", "kind"),
    [
        ("health", b"{{", "MalformedRequest"),
        ("health", b"", "MalformedRequest"),
        ("health", b"\xff\xfe\x00", "MalformedRequest"),
        ("health", GOOD.decode().encode("utf-16"), "MalformedRequest"),
        ("health", gzip.compress(GOOD, mtime=0), "MalformedRequest"),
        ("health", b"null", "MalformedRequest"),
        ("health", b'{"args": {}, "kwargs": {}}', "MalformedRequest"),
        ("health", b"[" * 300_000, "MalformedRequest"),
        ("note", b'{"args": [{"key": "a", "events": 1e999}]}', "MalformedRequest"),
        ("health", b'{"args": [1], "kwargs": {}}', "IncorrectSignature"),
        ("health", b'{"args": [{}, {}], "kwargs": {}}', "IncorrectSignature"),
        ("health", b'{"args": [], "kwargs": {"a": 1}}', "IncorrectSignature"),
        ("nothing", GOOD, "MethodNotFound"),
        ("__init__", GOOD, "MethodNotFound"),
        ("", GOOD, "MethodNotFound"),
        ("echo", GOOD, "MethodNotFound"),
        ("note", GOOD, "Invalid"),
        ("note", b'{"args": [{"key": 5, "events": "x", "more": 1}]}', "Invalid"),
        ("note", b'{"args": [{"key": "a", "\\ud800": 1}]}', "Invalid"),
        ("parked_drop", b'{"args": [{"id": 99999999999999999999999}]}', "Invalid"),
        ("parked_drop", b'{"args": [{"id": 4711}]}', "NotFound"),
        ("note", b'{"args": [{"key": "a", "request_id": "\\u0000"}]}', "Invalid"),
    ],
)
def test_wrong_requests_are_refused(outside: Client, key: str, body: bytes, kind: str) -> None:
    assert error_of(outside.ask_raw(f"{NAME}.{key}", body)) == kind


def test_every_wrong_field_is_named_at_once(outside: Client) -> None:
    answer = outside.ask("note", {"events": "x", "data": 5, "more": 1})
    assert set(answer["error"]["exc_args"][0]) == {"key", "events", "data", "more"}


@pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, 30_000_000])
def test_too_large_requests_are_refused(outside: Client, size: int) -> None:
    answer = outside.ask_raw(f"{NAME}.health", b"x" * size)
    assert error_of(answer) == "Invalid"


@pytest.mark.parametrize(
    "properties",
    [
        {"content_encoding": "utf-16"},
        {"content_encoding": "punycode"},
        {"content_encoding": "no such thing"},
        {"content_type": "application/x-python-serialize"},
        {"content_type": None, "content_encoding": None},
        {"priority": 255, "message_id": "m" * 255, "type": "t", "app_id": "a", "delivery_mode": 1},
        {"headers": {"traceparent": 5, "deep": {"list": [1, {"x": None}]}, "x-death": [{"count": 1}]}},
        {"headers": {"traceparent": "not a trace"}},
        {"expiration": "60000", "timestamp": 2**62},
        {"correlation_id": "x" * 255},
        {"correlation_id": "控 \x01"},
    ],
)
def test_odd_properties_do_not_matter(outside: Client, properties: dict[str, Any]) -> None:
    assert outside.ask("health", **properties)["error"] is None


def test_without_correlation_id_it_is_answered_too(outside: Client) -> None:
    outside.send(f"{NAME}.health", GOOD, correlation_id=None)
    assert len(outside.answers(1)) == 1


def dead_letters(outside: Client) -> tuple[Any, bytes]:
    return wait_for(outside.take, "the dead letter")


def test_a_request_without_reply_to_is_dead_lettered_and_not_executed(outside: Client, probe: ServiceProcess) -> None:
    body = json.dumps({"args": [{"key": "silent"}], "kwargs": {}}).encode()
    outside.publish(RPC_EXCHANGE, f"{NAME}.note", body, correlation_id="c")
    properties, dead = dead_letters(outside)
    assert dead == body
    assert properties.headers["x-first-death-queue"] == f"rpc-{NAME}"
    assert probe.query("SELECT count(*) FROM notes WHERE key = 'silent'") == [0]


@pytest.mark.parametrize(
    "raw",
    [
        pack(">H", 0x0600) + b"\x02\xff\xfe" + b"\x05reply",
        pack(">H", 0x2200) + pack(">I", 14) + b"\x04whenT" + pack(">Q", 2**63) + b"\x05reply",
    ],
    ids=["not utf-8", "year 292277026596"],
)
def test_properties_that_cannot_be_read_are_none(outside: Client, raw: bytes) -> None:
    outside.channel.basic_publish(RPC_EXCHANGE, f"{NAME}.health", GOOD, RawProperties(raw))
    wait_for(lambda: outside.depth(DEAD_QUEUE) == 1, "the dead letter")
    outside.channel.queue_purge(DEAD_QUEUE)  # not read: these properties would end pika too


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ("internal", "Internal"),
        ("unavailable", "Unavailable"),
        ("database", "Unavailable"),
        ("timeout", "Unavailable"),
        ("odd_detail", "Conflict"),
        ("surrogate_detail", "Conflict"),
        ("not_json", "Internal"),
        ("infinity", "Internal"),
    ],
)
def test_methods_that_fail_are_answered(outside: Client, probe: ServiceProcess, how: str, kind: str) -> None:
    answer = outside.ask("fail", {"how": how})
    assert error_of(answer) == kind
    assert "secret" not in json.dumps(answer)
    assert "13800138000" not in probe.said()


def test_bare_timeouts_leak_no_place_in_the_window(outside: Client) -> None:
    for _ in range(25):  # more than the service has workers
        outside.send(f"{NAME}.fail", b'{"args": [{"how": "timeout"}]}')
    assert len(outside.answers(25)) == 25


def test_a_request_id_asked_again_gives_the_first_answer(outside: Client, probe: ServiceProcess) -> None:
    request = {"key": "twice", "request_id": "r-twice"}
    assert outside.ask("note", request) == outside.ask("note", request)
    assert outside.ask("note", {"key": "again"}, correlation_id="c-again")["error"] is None
    assert outside.ask("note", {"key": "other"}, correlation_id="c-again")["result"]["key"] == "again"
    assert probe.query("SELECT count(*) FROM notes WHERE key IN ('twice', 'again', 'other')") == [2]


def test_the_same_request_many_times_at_once_is_done_once(outside: Client, probe: ServiceProcess) -> None:
    body = json.dumps({"args": [{"key": "crowd", "request_id": "r-crowd"}], "kwargs": {}}).encode()
    for _ in range(20):
        outside.send(f"{NAME}.note", body)
    answers = outside.answers(20)
    assert [answer["result"] for answer in answers.values()] == [{"key": "crowd", "events": 1}] * 20
    assert probe.query("SELECT count(*) FROM notes WHERE key = 'crowd'") == [1]


def test_large_requests_refusals_and_answers_mix_without_tearing(outside: Client) -> None:
    """Refusals are answered by the reader, answers by workers: on one connection, frame by frame."""
    large = json.dumps({"args": [{"key": "x" * 400_000, "events": "wrong"}], "kwargs": {}}).encode()
    asked = set()
    for number in range(60):
        asked.add(outside.send(f"{NAME}.note", large))
        asked.add(outside.send(f"{NAME}.health", b"{{"))
        asked.add(outside.send(f"{NAME}.note", json.dumps({"args": [{"key": f"mix {number}"}]}).encode()))
        asked.add(outside.send(f"{NAME}.parked_list", GOOD))
    assert set(outside.answers(240)) == asked


@pytest.mark.usefixtures("outside")
def test_a_caller_that_vanished_harms_nobody(vhost: str, probe: ServiceProcess) -> None:
    with client(vhost) as gone:
        gone.send(f"{NAME}.note", json.dumps({"args": [{"key": "left"}]}).encode())
        gone.send(f"{NAME}.note", json.dumps({"args": [{"key": "wrong way"}]}).encode(), reply_to="\x00 nowhere " * 15)
    wait_for(lambda: probe.query("SELECT count(*) FROM notes WHERE key IN ('left', 'wrong way')") == [2], "both done")


def test_the_figures_tell(outside: Client, probe: ServiceProcess) -> None:
    outside.ask("health")
    assert probe.metric('aftercare_rpc_requests_total{method="health",outcome="ok"}') >= 1
    assert probe.metric('aftercare_rpc_seconds_count{method="health"}') >= 1
