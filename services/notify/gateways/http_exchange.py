"""One HTTP request and its answer, on a connection of its own: what went wrong says whether it can have been taken.

On the standard library's client, because it keeps the stages apart: connected, sent, answered. A connection that is
used again may be closed by the other side just when a request goes out, and nobody would know whether it was read.
There are no redirects, no proxies and no credentials from files: what is sent goes where it was told to go.
"""

import http.client
import io
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from services.notify.gateways.limits import CONNECT_SECONDS, WAIT_SECONDS, Deadline, LimitedReader

LONGEST_ANSWER: Final = 65_536
LIMITS: Final = (CONNECT_SECONDS, WAIT_SECONDS)

MayReach = Callable[[str], bool]
"""Whether a request may go to this IP address."""


class NotSent(Exception):
    """The request surely did not arrive whole."""


class NotAllowed(Exception):
    """The name stands for an address to which nothing may go."""


class NoAnswer(Exception):
    """The request went out, and nothing came back in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """What goes out."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back; a body that broke off or is very long is cut."""

    status: int
    body: bytes = field(repr=False)


def exchange(
    request: HttpRequest, tls: ssl.SSLContext, may_reach: MayReach | None = None, limits: tuple[float, float] = LIMITS
) -> HttpAnswer:
    """The answer; raises NotSent, NotAllowed or NoAnswer. `limits`: to connect, for the whole answer; in seconds."""
    parts = urlsplit(request.url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    connection = _Connection(parts.hostname or "", port, tls if secure else None, limits)
    with closing(connection):
        try:
            connection.addresses = resolve(connection.host, connection.port, may_reach)
            connection.connect()
            path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
            connection.request(request.method, path, request.body, dict(request.headers))
        except (OSError, UnicodeError) as error:  # a name that no DNS can know is a UnicodeError
            raise NotSent(_reason(error)) from error
        return connection.answer()


def resolve(host: str, port: int, may_reach: MayReach | None = None) -> list[Any]:
    """The addresses of a name as getaddrinfo tells them; raises NotAllowed when one of them is out of bounds."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if may_reach is not None and not all(may_reach(str(each[4][0])) for each in found):
        raise NotAllowed("the name stands for an address that is not of the open Internet")
    return found


class _Connection(http.client.HTTPConnection):
    """Connects to the very addresses that were looked at: a name asked for twice may answer differently (rebinding)."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None, limits: tuple[float, float]) -> None:
        self.default_port = 443 if tls else 80
        super().__init__(host, port)
        self.addresses: list[Any] = []
        self._tls = tls
        self._limits = limits

    def connect(self) -> None:
        """To the first address that takes us; TLS must prove the name, not the address."""
        deadline = Deadline(self._limits[0])
        plain = self._first(deadline)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            plain.settimeout(deadline.left())
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host) if self._tls else plain
            self.sock.settimeout(self._limits[1])
        except BaseException:
            plain.close()
            raise

    def _first(self, deadline: Deadline) -> socket.socket:
        problem: OSError = OSError("the name has no address")
        for family, kind, protocol, _name, address in self.addresses:
            each = socket.socket(family, kind, protocol)
            try:
                each.settimeout(deadline.left())
                each.connect(address)
            except OSError as error:
                each.close()
                problem = error
            else:
                return each
        raise problem

    def answer(self) -> HttpAnswer:
        """What comes back within the limit; raises NoAnswer."""
        self.response_class = partial(_Response, Deadline(self._limits[1]))  # type: ignore[assignment]
        try:
            response = self.getresponse()
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(_reason(error)) from error
        body = b""
        with closing(response), suppress(OSError, http.client.HTTPException):
            body = response.read(LONGEST_ANSWER)
        return HttpAnswer(response.status, body)


class _Response(http.client.HTTPResponse):
    def __init__(self, until: Deadline, sock: socket.socket, *place: Any, **named: Any) -> None:
        super().__init__(sock, *place, **named)
        unlimited, self.fp = self.fp, io.BufferedReader(LimitedReader(sock, until))
        unlimited.close()


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate cannot be trusted: {error.verify_message}"
    if isinstance(error, TimeoutError):
        return "timed out"
    if isinstance(error, http.client.RemoteDisconnected):
        return "hung up"
    if isinstance(error, http.client.HTTPException):
        return "no HTTP"
    return " ".join((getattr(error, "strerror", None) or type(error).__name__).split())
