"""A limit on a whole answer: socket timeouts alone begin anew with every byte that drips in."""

import io
import socket
import time
from typing import Any, Final

CONNECT_SECONDS: Final = 5.0
WAIT_SECONDS: Final = 10.0


class Deadline:
    """The end of a wait, on the machine's monotonic clock: a technical wait."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left; raises TimeoutError when none are."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        return left


class LimitedReader(io.RawIOBase):
    """Reads a socket until a deadline, however slowly its bytes come; `until` may be set anew for the next answer."""

    def __init__(self, connection: socket.socket, until: Deadline) -> None:
        super().__init__()
        self.until = until
        self._connection = connection
        # Through the socket's own file: it keeps the descriptor open until the answer is read.
        self._raw = connection.makefile("rb", buffering=0)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """Some bytes; raises TimeoutError at the deadline."""
        self._connection.settimeout(self.until.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        """Let go of the socket."""
        self._raw.close()
        super().close()
