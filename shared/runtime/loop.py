"""A managed loop: a green thread that works turn by turn, survives a broker that goes away, and stops when asked."""

from collections.abc import Callable
from typing import Any

import eventlet
from eventlet.event import Event

from shared.base.broker import CONNECTION_ERRORS
from shared.base.logs import logger
from shared.kernel.errors import Unavailable

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
STOP_SECONDS = 5.0

AWAY_ERRORS: tuple[type[Exception], ...] = (*CONNECTION_ERRORS, Unavailable)
"""Broker or database do not answer: nobody's fault here, so wait and go on."""

log = logger(__name__)


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
    by a pause that grows from 0.2 s to 5 s. Any other error kills the container: the supervisor starts a new one.
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
        for _ in range(max(1, round(seconds / 0.2))):
            if not self.stopping:
                eventlet.sleep(min(seconds, 0.2))

    def _run(self) -> None:
        wait = FIRST_PAUSE_SECONDS
        while not self.stopping:
            try:
                self._body()
                wait = FIRST_PAUSE_SECONDS
            except AWAY_ERRORS as error:
                log.warning("a loop waits for what is away", loop=self.name, error=repr(error), seconds=wait)
                self.pause(wait)
                wait = min(wait * 2, LONGEST_PAUSE_SECONDS)
        self._ended.send(None)
