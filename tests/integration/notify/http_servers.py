"""An HTTP server on loopback that answers what it is told, and keeps what it was asked."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from shared.nodes.ports import LOOPBACK

HANG, HANG_UP, DRIP, NONSENSE = "hang", "hang up", "drip", "nonsense"


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Site:
    """What the server does, and what it saw."""

    port: int = 0
    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    mishap: str = ""
    asked: list[Asked] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://{LOOPBACK}:{self.port}/v1/messages"


class _Server(ThreadingHTTPServer):
    site: Site


class _Handler(BaseHTTPRequestHandler):
    timeout = 60
    server: _Server

    def answer(self) -> None:
        site = self.server.site
        length = int(self.headers.get("Content-Length") or 0)
        site.asked.append(Asked(self.command, self.path, dict(self.headers), self.rfile.read(length)))
        self.close_connection = True
        if site.mishap:
            self.fail(site)
        else:
            self.send_response(site.status)
            for name, value in site.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(site.body)

    def fail(self, site: Site) -> None:
        if site.mishap == HANG:
            site.ended.wait(60)
        elif site.mishap == NONSENSE:
            self.wfile.write(b"220 ready\r\n")
        while site.mishap == DRIP and not site.ended.wait(0.02):
            self.wfile.write(b"H")

    do_GET = do_POST = do_PUT = answer  # noqa: N815 - the standard library's names

    def handle(self) -> None:
        with suppress(OSError):  # the other side has had enough
            super().handle()

    def log_message(self, *_words: object) -> None:
        """Says nothing."""


@contextmanager
def site(tls: ssl.SSLContext | None = None, **behaviour: Any) -> Iterator[Site]:
    """A running server."""
    server = _Server((LOOPBACK, 0), _Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    made = server.site = Site(port=server.server_address[1], **behaviour)
    thread = threading.Thread(target=lambda: server.serve_forever(0.02))
    thread.start()
    try:
        yield made
    finally:
        made.ended.set()
        server.shutdown()
        thread.join(60)
        server.server_close()
