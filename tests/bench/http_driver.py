"""A load driver over HTTP: bare sockets kept open, a fixed number of requests in flight, next to no work of its own."""

import json
import selectors
import socket
import time
from typing import Any


class Visitor:
    """One connection and the request that is out on it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._found = b""

    def is_answered(self, status: bytes) -> bool:
        """Read what is there; whether it is a whole answer. One of another status ends the measurement."""
        self._found += self.socket.recv(65536)
        head, end, body = self._found.partition(b"\r\n\r\n")
        if not end:
            return False
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return False
        if not head.startswith(b"HTTP/1.1 " + status):
            raise SystemExit(f"{head!r} {body!r}")
        self._found = b""
        return True


def rate(port: int, token: str, path: str, bodies: list[dict[str, Any]], in_flight: int) -> float:
    """Requests answered with 201 per second, with `in_flight` open at a time."""
    waiting = [_request(path, token, body) for body in reversed(bodies)]
    begun = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for _ in range(min(in_flight, len(bodies))):
            visitor = Visitor(port)
            visitor.socket.sendall(waiting.pop())
            selector.register(visitor.socket, selectors.EVENT_READ, visitor)
        while selector.get_map():
            for key, _ in selector.select(30):
                _go_on(selector, key.data, waiting)
    return len(bodies) / (time.perf_counter() - begun)


def _go_on(selector: selectors.BaseSelector, visitor: Visitor, waiting: list[bytes]) -> None:
    if not visitor.is_answered(b"201"):
        return
    if waiting:
        visitor.socket.sendall(waiting.pop())
    else:
        selector.unregister(visitor.socket)
        visitor.socket.close()


def _request(path: str, token: str, body: dict[str, Any]) -> bytes:
    raw = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(raw)}\r\n"
        f"Idempotency-Key: {body['external_ref']}\r\n\r\n"
    )
    return head.encode() + raw
