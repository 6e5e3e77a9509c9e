"""A managed loop: a green thread that works turn by turn, survives a broker that goes away, and stops when asked."""

import functools
import time
from collections.abc import Callable
from typing import Any, TypeVar

import eventlet
from eventlet.event import Event

from shared.base.link import CONNECTION_ERRORS
from shared.base.logs import logger
from shared.kernel.errors import Unavailable

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 2.0
FIRST_TROUBLE_SECONDS = 0.5
LONGEST_TROUBLE_SECONDS = 30.0
"""The pause of a steady loop after an error, and the longest that it doubles to."""
SETTLED_SECONDS = 10.0
"""A turn that lasted so long had found what it needs: longer than any attempt to connect."""
STOP_SECONDS = 5.0

AWAY_ERRORS: tuple[type[Exception], ...] = (*CONNECTION_ERRORS, Unavailable)
"""Broker or database do not answer: nobody's fault here, so wait and go on."""

F = TypeVar("F", bound=Callable[..., Any])

log = logger(__name__)


class LimitReached(Unavailable):
    """An eventlet.Timeout ended the work."""


def limited(work: F) -> F:
    """The same work, whose eventlet.Timeout becomes an error.

    A bare Timeout is no Exception: nameko would lose it, and with it the message and its place in the prefetch window.
    """

    @functools.wraps(work)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return work(*args, **kwargs)
        except eventlet.Timeout as limit:
            raise LimitReached(f"not done within {limit.seconds} s") from limit

    return run  # type: ignore[return-value] # same signature, by construction


def within(seconds: float, action: Callable[[], Any]) -> bool:
    """Do it, but give up after so many real seconds; whether it was done in time."""
    limit = eventlet.Timeout(seconds)
    try:
        action()
    except eventlet.Timeout as expired:
        if expired is not limit:
            raise
        return False
    finally:
        limit.cancel()
    return True


class Loop:
    """Runs `body` again and again until stopped.

    `body` returns when it should be run again; what it raises because something is away is logged once and followed
    by a pause that grows from 0.2 s to 2 s. Any other error kills the container: the supervisor starts a new one.
    """

    def __init__(self, name: str, body: Callable[[], Any]) -> None:
        self.name = name
        self.stopping = False
        self._body = body
        self._ended = Event()

    def start(self, container: Any) -> None:
        """Begin, as a thread that the container manages."""
        container.spawn_managed_thread(self._run, identifier=self.name)

    def stop(self) -> None:
        """Ask for the end and wait for it, within limits."""
        self.stopping = True
        within(STOP_SECONDS, self._ended.wait)

    def pause(self, seconds: float) -> None:
        """Wait, but not longer than until the stop."""
        deadline = time.monotonic() + seconds
        while not self.stopping and (left := deadline - time.monotonic()) > 0:
            eventlet.sleep(min(left, 0.2))

    def _run(self) -> None:
        try:
            self._turns()
        finally:
            self._ended.send(None)

    def _turns(self) -> None:
        wait, told = FIRST_PAUSE_SECONDS, ""
        while not self.stopping:
            begun = time.monotonic()
            try:
                self._body()
                wait, told = FIRST_PAUSE_SECONDS, ""
            except AWAY_ERRORS as error:
                if time.monotonic() - begun > SETTLED_SECONDS:
                    wait, told = FIRST_PAUSE_SECONDS, ""  # it worked for a while: this is a new trouble
                if told != repr(error):
                    told = repr(error)
                    log.warning("a loop waits for what is away", loop=self.name, error=told)
                self.pause(wait)
                wait = min(wait * 2, LONGEST_PAUSE_SECONDS)


class SteadyLoop(Loop):
    """A loop that none of our own mistakes ends either: the process would only begin with the same again.

    What the body raises is logged and followed by a pause that grows from 0.5 s to 30 s. `is_well` is for readiness.
    """

    def __init__(self, name: str, body: Callable[[], Any]) -> None:
        super().__init__(name, self._steadily)
        self._turn = body
        self._trouble = 0.0

    def is_well(self) -> bool:
        """Whether its last turn went well."""
        return not self._trouble

    def _steadily(self) -> None:
        try:
            self._turn()
            self._trouble = 0.0
        except AWAY_ERRORS:
            raise
        except Exception:
            self._trouble = min(2 * self._trouble or FIRST_TROUBLE_SECONDS, LONGEST_TROUBLE_SECONDS)
            log.error("a loop failed; it goes on after a pause", loop=self.name, seconds=self._trouble, exc_info=True)
            self.pause(self._trouble)
