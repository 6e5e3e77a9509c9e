"""The timer entrypoint: wakes a service method when its next timer is due (SL-7, design 5).

    @timers(handlers.next_due)
    def fire(self):
        return self.work.fire(handlers.due(self.rules))

The loop sleeps until the earliest timer by the suite's clock, at most a second of real time, and is woken early by a
commit that signals TIMERS_SIGNAL or by a clock that was moved. The method returns how many it fired; the loop goes on
at once while there are more.

A timer that fails is held back by `Desk.fire` (shared.outbox.firing). An error that no single timer is to blame for is
logged, shows in readiness as `timers`, and is followed by a pause; nothing else of the process stands still for it.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import eventlet
import sqlalchemy as sa
from eventlet.event import Event
from nameko.extensions import Entrypoint

from shared.base.clock import wall_now
from shared.runtime.loop import SteadyLoop, limited
from shared.runtime.resources import resources_of

TIMERS_SIGNAL = "timers"
LONGEST_SLEEP_SECONDS = 1.0
BUSY_SECONDS = 0.05
"""Before the next look when a timer is due but another replica has it."""

F = TypeVar("F", bound=Callable[..., Any])
NextDue = Callable[[sa.Connection], datetime | None]


class Timers(Entrypoint):  # type: ignore[misc]
    """Calls a service method whenever a timer is due."""

    def __init__(
        self, next_due: NextDue, signal: str = TIMERS_SIGNAL, lanes: int = 1, full: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.next_due = next_due
        self.signal = signal
        self.lanes = lanes
        self.full = full

    def setup(self) -> None:
        """Join the process's resources."""
        self.resources = resources_of(self.container)
        self.resources.timers.append(self)
        turns = [self._turn] + [self._join if self.full else self._turn] * (self.lanes - 1)
        self._loops = [SteadyLoop(self.signal, turn) for turn in turns]
        self.resources.loops[self.signal] = lambda: all(loop.is_well() for loop in self._loops)
        self._wake = self.resources.database.woken_by(self.signal)
        self._behind = threading.Event()

    def start(self) -> None:
        """Begin to watch the time."""
        for loop in self._loops:
            loop.start(self.container)

    def stop(self) -> None:
        """Finish the firing in hand and stop."""
        for loop in self._loops:
            loop.stopping = True
        self._wake.set()
        self._behind.set()
        for loop in self._loops:
            loop.stop()

    def earliest(self) -> datetime | None:
        """The instant of the earliest timer that is set."""
        with self.resources.database.read() as connection:
            return self.next_due(connection)

    def is_caught_up(self) -> bool:
        """Whether every timer due by now has fired and is committed."""
        earliest = self.earliest()
        return earliest is None or earliest > self.resources.clock.now()

    def wake(self) -> None:
        """Look at the time again now."""
        self._wake.set()

    def _turn(self) -> None:
        self._wake.clear()
        sleep = min(LONGEST_SLEEP_SECONDS, self._seconds_left())
        if sleep > 0:
            self._wait(sleep)
            return
        if not self._fire_batch():
            self._wait(BUSY_SECONDS)

    def _join(self) -> None:
        """A lane beside the first: it works while that has more to do than one batch."""
        if self._behind.wait(timeout=LONGEST_SLEEP_SECONDS) and not self._loops[0].stopping:
            self._fire_batch()

    def _fire_batch(self) -> int:
        fired = self._fire()
        self.resources.metrics.timers_fired.inc(fired)
        if fired < self.full:
            self._behind.clear()
        else:
            self._behind.set()
        return fired

    def _seconds_left(self) -> float:
        """Real seconds until there is something to do: a timer is due, or a held one is to be tried again."""
        with self.resources.database.read() as connection:
            due = self.next_due(connection)
            retry = self.resources.firing.look(connection) if self.signal == TIMERS_SIGNAL else None
        left = [] if due is None else [self.resources.clock.real_seconds_until(due)]
        if retry is not None:
            left.append((retry - wall_now()).total_seconds())
        return min(left, default=LONGEST_SLEEP_SECONDS)

    def _wait(self, seconds: float) -> None:
        self._wake.wait(timeout=seconds)

    def _fire(self) -> int:
        done: Event = Event()

        def handle_result(_context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            if exc_info:
                done.send_exception(exc_info[1])
            else:
                done.send(result)
            return result, exc_info

        self.container.spawn_worker(self, (), {}, handle_result=handle_result)
        fired: int = done.wait()
        return fired


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll a condition every 5 ms of real time, up to `seconds`; whether it came true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        eventlet.sleep(0.005)
    return True


def timers(next_due: NextDue, signal: str = TIMERS_SIGNAL, lanes: int = 1, full: int = 0) -> Callable[[F], F]:
    """Declare the method that fires due timers; `next_due` tells the earliest one that is set.

    Each of several in one service has a signal of its own: who takes another's would leave it asleep.
    With several `lanes` one goes on while the database works for another; what they take must not overlap. With
    `full`, those beside the first work only from when it did so much in a turn until one of them does less.
    """
    # By name: nameko takes a lone positional function for the decorated method.
    decorate: Callable[[F], F] = Timers.decorator(next_due=next_due, signal=signal, lanes=lanes, full=full)
    return lambda method: decorate(limited(method))
