"""A service's pages, asked from outside: health, clock, rest. Every wait has a limit."""

import http.client
import json
import select
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
SECONDS = 5.0

Page = tuple[int, Any]
"""Status and body; status 0 when nobody answers."""


def ask(base: str, method: str, path: str, seconds: float = SECONDS) -> Page:
    """One page; JSON is read, other text given as it is."""
    with Lines(seconds) as lines:
        return lines.ask({"": base}, method, path)[""]


class Lines:
    """Kept connections to services: the same page of several is asked for at the same time, again and again."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._open: dict[str, http.client.HTTPConnection] = {}

    def __enter__(self) -> "Lines":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up; whoever asks again is connected anew."""
        for base in list(self._open):
            self._hang_up(base)

    def ask(self, bases: Mapping[str, str], method: str, path: str) -> dict[str, Page]:
        """The page of each, by name."""
        broken = {name: self._send(base, method, path) for name, base in bases.items()}
        return {name: broken[name] or self._hear(base) for name, base in bases.items()}

    def _send(self, base: str, method: str, path: str) -> Page | None:
        """Ask; what is wrong when that is not possible. A kept connection may have ended: a new one is tried."""
        try:
            if base in self._open and not _has_ended(self._open[base]):
                self._open[base].request(method, path)
                return None
            self._hang_up(base)
            where = urlsplit(base)
            connection = http.client.HTTPConnection(where.hostname or "127.0.0.1", where.port, timeout=self._seconds)
            self._open[base] = connection
            connection.request(method, path)
        except (OSError, http.client.HTTPException) as error:
            return self._broken(base, error)
        return None

    def _hear(self, base: str) -> Page:
        try:
            response = self._open[base].getresponse()
            body = response.read().decode("utf-8", "replace")
            is_json = "json" in (response.getheader("Content-Type") or "")
            return response.status, json.loads(body) if is_json else body
        except (OSError, http.client.HTTPException, ValueError) as error:
            return self._broken(base, error)

    def _broken(self, base: str, error: Exception) -> Page:
        self._hang_up(base)
        return 0, {"error": str(error)}

    def _hang_up(self, base: str) -> None:
        if base in self._open:
            self._open.pop(base).close()


def _has_ended(connection: http.client.HTTPConnection) -> bool:
    """Whether the other side has hung up: there is something to read although nothing was asked."""
    return connection.sock is None or bool(select.select([connection.sock], [], [], 0)[0])


def ask_all(bases: Mapping[str, str], question: Callable[[str], T]) -> dict[str, T]:
    """The same question to every service at once, by name."""
    with ThreadPoolExecutor(max_workers=max(1, len(bases))) as pool:
        return dict(zip(bases, pool.map(question, bases.values()), strict=True))
