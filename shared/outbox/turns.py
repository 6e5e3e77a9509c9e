"""Lanes of one process that take what is due one after the other, and say it in the order in which they took it (SL-7).

While the database works for one lane, another goes on; what they say is as much in order as if there were one alone.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from shared.kernel.errors import Unavailable

LIMIT_SECONDS = 30.0
"""For those before: each of their statements has a limit of its own."""


class Turns:
    """The order of the lanes."""

    def __init__(self) -> None:
        self._taking = threading.Semaphore(1)
        self._last = threading.Event()
        self._last.set()

    @contextmanager
    def next(self) -> Iterator["Turn"]:
        """The next turn, once those before have taken what they want."""
        self._taking.acquire()
        turn = Turn(self._taking, self._last)
        self._last = turn.ended
        try:
            yield turn
        finally:
            # One that failed waits too: who comes after it comes after all that came before it.
            turn.end()


class Turn:
    """One lane's: it takes, and before it commits those before it have."""

    def __init__(self, taking: threading.Semaphore, before: threading.Event) -> None:
        self.ended = threading.Event()
        self._taking = taking
        self._before = before
        self._is_taking = True

    def taken(self) -> None:
        """Let the next lane take."""
        if self._is_taking:
            self._is_taking = False
            self._taking.release()

    def wait(self) -> None:
        """Wait for those before."""
        if not self._before.wait(LIMIT_SECONDS):
            raise Unavailable(f"those before did not end within {LIMIT_SECONDS:g} s")

    def end(self) -> None:
        """Let those after this one go on."""
        self.taken()
        self._before.wait(LIMIT_SECONDS)
        self.ended.set()
