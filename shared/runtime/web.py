"""An HTTP server that no client can stop: whoever is waited for has limits, and a full house lets the slowest go.

eventlet's own takes as much time as a client likes, if only a byte comes now and then, and as many clients as there are
places; then nobody is heard any more, health checks neither.
"""

import errno
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import eventlet
from eventlet import wsgi
from eventlet.greenio import shutdown_safe

from shared.base.logs import logger
from shared.runtime.loop import within

PLACES: Final = 256
"""Connections at a time."""
MOST_DISCARDED: Final = 8 * 1_048_576
"""Of a body that nobody reads so much is taken still, so that the client reads why."""
LONGEST_LINE: Final = 4096
"""Of what says how long a chunk is."""
_NO_ROOM: Final = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
_TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

log = logger(__name__)


@dataclass(frozen=True)
class Patience:
    """How many seconds we wait for a client."""

    idle: float = 30.0
    """Between two requests of a connection."""
    head: float = 10.0
    """From the first line of a request to the last of its headers."""
    body: float = 30.0
    discard: float = 2.0
    """For the rest of a body that nobody reads."""


class Guests:
    """The connections that we wait for, longest first."""

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        self._awaited: dict[Any, None] = {}

    @contextmanager
    def awaited(self, connection: Any) -> Iterator[None]:
        """Meanwhile it is the client's turn."""
        self._awaited[connection] = None
        try:
            yield
        finally:
            self._awaited.pop(connection, None)

    def let_one_go(self) -> None:
        """Hang up on whoever lets us wait for longest; nobody when everybody waits for us."""
        slowest = next(iter(self._awaited), None)
        if slowest is not None:
            del self._awaited[slowest]
            shutdown_safe(slowest)


class House(eventlet.GreenPool):  # type: ignore[misc]
    """A place for each connection; when all are taken, somebody must go before the next comes in."""

    def __init__(self, guests: Guests, places: int) -> None:
        super().__init__(places)
        self._guests = guests

    def spawn(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Serve a connection."""
        if not self.free():
            self._guests.let_one_go()
        return super().spawn(function, *args, **kwargs)


class Protocol(wsgi.HttpProtocol):  # type: ignore[misc]
    """One connection."""

    def __init__(self, guests: Guests, *place: Any) -> None:
        self.guests = guests
        super().__init__(*place)

    def _read_request_line(self) -> Any:
        lines: list[Any] = []
        with self.guests.awaited(self.connection):
            within(self.guests.patience.idle, lambda: lines.append(super(Protocol, self)._read_request_line()))
        return lines[0] if lines else ""

    def parse_request(self) -> bool:
        """Read the head; False ends the connection."""
        good: list[bool] = []
        with self.guests.awaited(self.connection):
            in_time = within(self.guests.patience.head, lambda: good.append(super(Protocol, self).parse_request()))
        if not in_time:
            self.wfile.write(_TOO_SLOW)
        if not (in_time and good[0]):
            self.close_connection = True
        return in_time and good[0]

    def log_message(self, *_words: Any) -> None:
        """Nothing: what a client sends is not written into our logs."""

    def get_environ(self) -> dict[str, Any]:
        """As WSGI has it; a chunked body has an end of its own."""
        environ: dict[str, Any] = super().get_environ()
        given = environ["eventlet.input"]
        environ["wsgi.input"] = environ["eventlet.input"] = Body(self.guests, given)
        environ["wsgi.input_terminated"] = given.chunked_input
        return environ


class ShortLines:
    """A connection whose lines have a limit."""

    def __init__(self, file: Any) -> None:
        self.read = file.read
        self._readline = file.readline

    def readline(self, size: int = LONGEST_LINE) -> bytes:
        """A line, or as much of it."""
        line: bytes = self._readline(min(size, LONGEST_LINE))
        return line


class Body(wsgi.Input):  # type: ignore[misc]
    """A request's body; it must be there in time."""

    def __init__(self, guests: Guests, given: wsgi.Input) -> None:
        super().__init__(
            ShortLines(given.rfile) if given.chunked_input else given.rfile,
            given.content_length,
            given.get_socket(),
            wfile=given.wfile,
            wfile_line=given.wfile_line,
            chunked_input=given.chunked_input,
        )
        self._guests = guests
        self._ends_at: float | None = None

    def read(self, length: int | None = None) -> bytes:
        """So many bytes; raises OSError or ValueError where they do not come in time, or are no chunks."""
        self._ends_at = self._ends_at or time.monotonic() + self._guests.patience.body
        found: list[bytes] = []
        with self._guests.awaited(self.get_socket()):
            left = max(self._ends_at - time.monotonic(), 0.001)
            try:
                in_time = within(left, lambda: found.append(super(Body, self).read(length)))
            except (OverflowError, MemoryError):
                raise ValueError("a chunk is longer than anything") from None
        if not in_time:
            raise TimeoutError("the body did not come in time")
        return found[0]

    def discard(self, buffer_size: int = 16_384) -> None:
        """Take what is left, within limits; raises OSError where there is more, and the connection ends."""
        self._ends_at = time.monotonic() + self._guests.patience.discard
        taken = 0
        while chunk := self.read(buffer_size):
            taken += len(chunk)
            if taken > MOST_DISCARDED:
                raise OSError("the body is too large even to be thrown away")


class Listener:
    """A listening socket whom no lack of room stops."""

    def __init__(self, listening: Any) -> None:
        self._listening = listening
        self.getsockname = listening.getsockname
        self.close = listening.close
        self.family = listening.family

    def accept(self) -> Any:
        """The next connection."""
        while True:
            try:
                return self._listening.accept()
            except OSError as error:
                if error.errno not in _NO_ROOM:
                    raise
                log.warning("a connection must wait: no room", error=repr(error))
                eventlet.sleep(0.2)


def serve_for_ever(
    listening: Any, application: Callable[..., Any], places: int = PLACES, patience: Patience = Patience()
) -> None:
    """Answer HTTP."""
    guests = Guests(patience)
    wsgi.server(
        Listener(listening),
        application,
        protocol=partial(Protocol, guests),
        custom_pool=House(guests, places),
        log_output=False,
        debug=False,
        socket_timeout=patience.idle,
    )
