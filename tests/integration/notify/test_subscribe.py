"""`aftercare subscribe` against a real broker: what a team sees, and what it hears of trouble."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pika
import pytest
from typer.testing import CliRunner

from services.notify.gateways.team_queue import bind_team
from shared.cli.main import build
from shared.cli.problems import one_line
from shared.events import Envelope
from shared.kernel.errors import AftercareError
from shared.nodes.ports import LOOPBACK
from tests.support.waiting import wait_for

ROOT = Path(__file__).parents[3]
SOUTH = "alert.*.*.south.#"


def envelope(case_no: str = "202610090017", **change) -> bytes:
    alert = {
        "alert_id": f"a-{case_no}",
        "kind": "sla_breach",
        "severity": "major",
        "region": "south.foshan",
        "at": "2026-10-09T22:00:00+08:00",
        "text": {"zh": "首次答复\x1b[2J超时", "en": "first response is late"},
        "case_no": case_no,
    } | change
    instant = datetime(2026, 10, 9, 14, 0, tzinfo=UTC)
    event = Envelope(f"e-{case_no}", "/aftercare/escalation", "alert.raised.v1", case_no, instant, 1, {"alert": alert})
    return event.to_bytes()


def publish(amqp_uri: str, *bodies: bytes, topic: str = "alert.sla_breach.major.south.foshan") -> None:
    with pika.BlockingConnection(pika.URLParameters(amqp_uri)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        for body in bodies:
            channel.basic_publish("alerts", topic, body, pika.BasicProperties(delivery_mode=2), mandatory=True)


def depth(amqp_uri: str, queue: str) -> int:
    with pika.BlockingConnection(pika.URLParameters(amqp_uri)) as connection:
        return connection.channel().queue_declare(queue, passive=True).method.message_count


def run(*words: str):
    return CliRunner().invoke(build(["subscribe", *words]), ["subscribe", *words])


def test_alerts_are_shown_in_the_teams_language_and_taken_off(amqp_uri: str) -> None:
    bind_team(amqp_uri, "south", SOUTH)
    publish(amqp_uri, *(envelope(f"20261009001{n}") for n in range(3)))
    shown = run("--team", "south", "--amqp-uri", amqp_uri, "--once")
    assert shown.output == (
        "2026-10-09 22:00:00 +0800  major  sla breach  south.foshan  case 202610090010\n    first response is late\n"
    )
    shown = run("--team", "south", "--amqp-uri", amqp_uri, "--once", "--lang", "zh")
    assert shown.output == (
        "2026-10-09 22:00:00 +0800  重大  超时  south.foshan  案件 202610090011\n    首次答复 [2J超时\n"
    )
    wait_for(lambda: depth(amqp_uri, "alerts.south") == 1, "the third is still there")


def test_scripts_get_a_line_of_json_for_each_and_what_is_no_alert_is_put_aside(amqp_uri: str) -> None:
    bind_team(amqp_uri, "south", SOUTH)
    publish(amqp_uri, b"nonsense", envelope("1"), envelope("2"))
    shown = run("--team", "south", "--amqp-uri", amqp_uri, "--count", "2", "--json")
    assert [json.loads(line)["subject"] for line in shown.stdout.splitlines()] == ["1", "2"]
    assert "was put aside" in shown.stderr
    wait_for(lambda: depth(amqp_uri, "alerts.south") == 0, "nothing is left")
    bare = json.dumps(json.loads(envelope()) | {"data": {}}).encode()
    publish(amqp_uri, bare, envelope("3"))
    shown = run("--team", "south", "--amqp-uri", amqp_uri, "--once")
    assert "no alert was put aside: holds no alert" in shown.stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--team", "South Desk"), "--team: write a team's name"),
        (("--team", "south", "--pattern", "alert.x.#", "--pattern", "alerts.#"), "'x' is no kind of an alert"),
        (("--team", "south", "--pattern", "alert.#", "--pattern", "alerts.#"), "'alerts' is no first word"),
        (("--team", "south", "--amqp-uri", "http://broker"), "--amqp-uri: write amqp://"),
        (("--team", "south", "--amqp-uri", "amqp://a:secret@127.0.0.1:1/x"), "no broker answers at 127.0.0.1:1"),
    ],
)
def test_what_is_wrong_is_said(words: tuple[str, ...], why: str) -> None:
    ended = run(*words)
    assert isinstance(ended.exception, AftercareError)
    assert why in one_line(ended.exception)
    assert "secret" not in one_line(ended.exception)


def test_a_wrong_password_and_a_wrong_vhost_are_told_apart(amqp_uri: str) -> None:
    parts = urlsplit(amqp_uri)
    wrong = amqp_uri.replace(f":{parts.password}@", ":guess@")
    assert "does not take this user and password" in str(run("--team", "south", "--amqp-uri", wrong).exception)
    nowhere = amqp_uri.replace(parts.path, "/nowhere")
    assert "has no virtual host nowhere" in str(run("--team", "south", "--amqp-uri", nowhere).exception)


class Wire:
    """A TCP connection to the broker that can be cut."""

    def __init__(self, host: str, port: int) -> None:
        self._behind = (host, port)
        self._listener = socket.create_server((LOOPBACK, 0))
        self.port = self._listener.getsockname()[1]
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def cut(self) -> None:
        """Every connection breaks."""
        for each in [end for pair in self._pairs for end in pair]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """For good."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        self._thread.join(60)

    def _serve(self) -> None:
        threads = []
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self._pairs.append((near, socket.create_connection(self._behind)))
                threads.append(threading.Thread(target=self._carry, args=self._pairs[-1]))
                threads[-1].start()
        for each in threads:
            each.join(60)

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        with near, far, suppress(OSError):
            while True:
                for end in select.select([near, far], [], [])[0]:
                    if not (read := end.recv(65536)):
                        return
                    (far if end is near else near).sendall(read)


@contextmanager
def subscriber(uri: str) -> Iterator["subprocess.Popen[str]"]:
    words = ["subscribe", "--team", "south", "--pattern", SOUTH, "--amqp-uri", uri, "--json"]
    child = subprocess.Popen(
        [sys.executable, "-m", "shared.cli.main", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def test_a_lost_broker_is_waited_for_and_ctrl_c_ends_cleanly(amqp_uri: str) -> None:
    bind_team(amqp_uri, "south", SOUTH)
    parts = urlsplit(amqp_uri)
    wire = Wire(parts.hostname or "", parts.port or 0)
    try:
        with subscriber(amqp_uri.replace(f":{parts.port}/", f":{wire.port}/")) as child:
            assert child.stdout is not None
            assert child.stderr is not None
            publish(amqp_uri, envelope("1"))
            assert json.loads(child.stdout.readline())["subject"] == "1"
            wire.cut()
            assert "the connection to the broker broke; trying again in 1 s" in child.stderr.readline()
            publish(amqp_uri, envelope("2"), envelope("3"))
            heard = [json.loads(child.stdout.readline())["subject"] for _ in range(2)]
            # The first may come once more: its acknowledgement may have been on the wire that was cut.
            assert heard in (["2", "3"], ["1", "2"])
            assert "connected again" in child.stderr.readline()
            child.send_signal(signal.SIGINT)
            assert child.wait(60) == 0
            assert child.stderr.read() == ""
    finally:
        wire.close()
