"""The HTTP server against clients that let it wait, or send what is no HTTP."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import eventlet
import pytest

from shared.runtime.web import MOST_DISCARDED, Patience, serve_for_ever

PLACES = 4
QUICK = Patience(idle=1.2, head=0.6, body=0.6, discard=0.6)
GET = b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET /%s HTTP/1.1\r\nConnection: close\r\n\r\n"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Says the path and the length of the body, if it is asked to read it."""
    said = environ["PATH_INFO"].encode()
    if environ["PATH_INFO"] == "/read":
        try:
            said += b" %d" % len(environ["wsgi.input"].read())
        except (OSError, ValueError) as error:
            said += b" " + type(error).__name__.encode()
    start_response("200 OK", [("Content-Length", str(len(said)))])
    return [said]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server that soon loses patience, so that nobody waits for it long."""
    with serving(QUICK) as port:
        yield port


@pytest.fixture(scope="module")
def patient() -> Iterator[int]:
    """A server for clients that do as they should, however slow the machine is."""
    with serving(Patience(idle=60, head=60, body=60, discard=60)) as port:
        yield port


@contextmanager
def serving(patience: Patience) -> Iterator[int]:
    ready, stop, found = threading.Event(), threading.Event(), []

    def run() -> None:
        listening = eventlet.listen(("127.0.0.1", 0))
        found.append(listening.getsockname()[1])
        server = eventlet.spawn(serve_for_ever, listening, application, PLACES, patience)
        ready.set()
        while not stop.is_set():
            eventlet.sleep(0.01)
        server.kill()

    thread = threading.Thread(target=run)
    thread.start()
    ready.wait(60)
    yield found[0]
    stop.set()
    thread.join(60)


@contextmanager
def line_to(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), 60) as line:
        yield line


def everything(line: socket.socket) -> bytes:
    """What comes until the server hangs up."""
    found = b""
    while True:
        try:
            more = line.recv(65536)
        except ConnectionResetError:
            return found
        if not more:
            return found
        found += more


def ask(port: int, sent: bytes) -> bytes:
    with line_to(port) as line:
        line.sendall(sent)
        return everything(line)


def test_requests_in_one_go_are_answered_in_order(patient: int) -> None:
    said = ask(patient, GET % b"a" + GET % b"b" + LAST % b"c")
    assert [said.find(each) > 0 for each in (b"/a", b"/b", b"/c")] == [True] * 3
    assert said.index(b"/a") < said.index(b"/b") < said.index(b"/c")


def test_a_head_that_comes_in_drops_is_not_waited_for(port: int) -> None:
    assert b"408" in ask(port, b"GET / HTTP/1.1\r\nHost: x\r\n")


@pytest.mark.parametrize("sent", [b"", b"GET"])
def test_a_client_that_says_nothing_is_let_go(port: int, sent: bytes) -> None:
    assert ask(port, sent) == b""


def test_a_body_that_comes_in_drops_is_not_waited_for(port: int) -> None:
    assert b"TimeoutError" in ask(port, b"POST /read HTTP/1.1\r\nConnection: close\r\nContent-Length: 10\r\n\r\nabc")
    assert b"/x" in ask(port, b"POST /x HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc")


def test_a_body_in_chunks_is_read(patient: int, port: int) -> None:
    head = b"POST /read HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    assert b"/read 5" in ask(patient, head + b"5\r\nabcde\r\n0\r\n\r\n")
    for wrong in (
        b"x\r\n",
        b"5\r\nab",
        b"f" * 100_000,
        b"-5\r\nabc\r\n0\r\n\r\n",
        b"5\r\nabcde\r\n0\r\n" + b"a: b\r\n" * 9,
    ):
        assert b"/read" in ask(port, head + wrong)


def test_a_body_that_nobody_reads_is_thrown_away_up_to_a_limit(patient: int, port: int) -> None:
    said = ask(patient, b"POST /x HTTP/1.1\r\nContent-Length: 100000\r\n\r\n" + b"a" * 100_000 + LAST % b"next")
    assert b"/next" in said
    with line_to(port) as line:
        line.sendall(b"POST /x HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n")
        assert b"/x" in line.recv(1000)
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            line.sendall(b"a" * 4 * MOST_DISCARDED)


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(500)) + b"\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"y" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused_at_once(port: int, sent: bytes) -> None:
    said = ask(port, sent)
    assert b"Traceback" not in said
    assert b" 200 " not in said


def test_who_lets_us_wait_for_longest_makes_room(port: int) -> None:
    slow = [socket.create_connection(("127.0.0.1", port), 60) for _ in range(3 * PLACES)]
    for line in slow:
        line.sendall(b"GET / HT")
    assert b"/here" in ask(port, LAST % b"here")
    for line in slow:
        line.close()
