"""Errands: calls to the world outside, each committed before it is made and recorded after it (NO-2, design 6).

    sending = Errands("sending", build)     # build(resources) gives what decides, claims and calls

One loop does all that the database needs: it records what came back and claims what goes next, in one transaction.
Calls run beside it, each in a green thread of its own, and hold no transaction. A commit with the signal wakes the
loop, so do the end of a call and a clock that was moved; it looks at least once a second.
"""

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Protocol

import eventlet
import sqlalchemy as sa
from nameko.extensions import DependencyProvider

from shared.base.database import UnitOfWork
from shared.base.logs import logger
from shared.kernel.errors import Unavailable
from shared.runtime.loop import AWAY_ERRORS, SteadyLoop
from shared.runtime.resources import Resources, resources_of

log = logger(__name__)

LONGEST_SLEEP_SECONDS = 1.0
BUSY_SECONDS = 0.05
"""Before the next look when something is due but another replica has it."""
HAND_OVER_SECONDS = 2.0
"""A call that lasts longer holds the suite's time up no more: its provider is slow or down."""
STOP_SECONDS = 3.0


class Errand(Protocol):
    """What the loop drives; a job is anything that can be told from others."""

    def earliest(self, connection: sa.Connection) -> datetime | None:
        """The suite's instant at which something is to be done; nothing that waits for the world outside."""
        ...

    def opens_in(self) -> float:
        """Real seconds until what may not be called now may be called again; infinity when nothing is held back."""
        ...

    def next_turn(self, connection: sa.Connection, now: datetime, in_hand: Collection[Any]) -> datetime | None:
        """The suite's instant of the next turn that would do something: by `now` at once.

        What has to wait until one of the jobs `in_hand` ends has none.
        """
        ...

    def record(self, uow: UnitOfWork, done: Sequence[tuple[Any, Any]]) -> None:
        """Keep what came of these jobs."""
        ...

    def claim(self, uow: UnitOfWork, in_hand: Collection[Any]) -> list[Any]:
        """The jobs to call next, while these are under way; they are called once this commits."""
        ...

    def call(self, job: Any) -> Any:
        """Do one job outside of any transaction; raises nothing."""
        ...


class Errands(DependencyProvider):  # type: ignore[misc]
    """Runs the errands of a process; counts as a timer when the suite's clock is moved."""

    def __init__(self, signal: str, build: Callable[[Resources], Errand]) -> None:
        self.signal = signal
        self.build = build

    def setup(self) -> None:
        """Join the process's resources."""
        self.resources = resources_of(self.container)
        self.errand = self.build(self.resources)
        self.resources.timers.append(self)
        self._loop = SteadyLoop(self.signal, self._turn)
        self.resources.loops[self._loop.name] = self._loop.is_well
        self._in_hand: dict[Any, float] = {}
        self._done: list[tuple[Any, Any]] = []
        self._wake = self.resources.database.woken_by(self.signal)

    def start(self) -> None:
        """Begin."""
        self._loop.start(self.container)

    def stop(self) -> None:
        """Stop claiming, let the calls in hand end within a limit, and record what came of them."""
        self._loop.stopping = True
        self._wake.set()
        self._loop.stop()  # first: the turn in hand may still claim something
        deadline = time.monotonic() + STOP_SECONDS
        while self._in_hand and time.monotonic() < deadline:
            eventlet.sleep(0.02)
        with suppress(Unavailable):  # what is not recorded is found by its lease at the next start
            self._record()

    def get_dependency(self, _worker_ctx: Any) -> Any:
        """The errand itself."""
        return self.errand

    def earliest(self) -> datetime | None:
        """The instant at which the next thing is to be done."""
        with self.resources.database.read() as connection:
            return self.errand.earliest(connection)

    def is_caught_up(self) -> bool:
        """Whether everything due by now was handed over and is recorded; a slow call is not waited for."""
        latest = time.monotonic() - HAND_OVER_SECONDS
        if self._done or any(begun > latest for begun in self._in_hand.values()):
            return False
        earliest = self.earliest()
        return earliest is None or earliest > self.resources.clock.now()

    def wake(self) -> None:
        """Look again now."""
        self._wake.set()

    def _turn(self) -> None:
        woken = self._wake.is_set()  # there is something to do, nearly always: the turn itself looks
        self._wake.clear()
        if not woken and not self._done and (seconds := self._rest_seconds()) > 0:
            self._wake.wait(timeout=seconds)
            return
        recorded = len(self._done)
        jobs = self._record()
        self.resources.metrics.timers_fired.inc(len(jobs))
        for job in jobs:
            self._in_hand[job] = time.monotonic()
            self.container.spawn_managed_thread(lambda job=job: self._call(job), identifier=self.signal)
        if not jobs and not recorded:
            self._wake.wait(timeout=BUSY_SECONDS)

    def _rest_seconds(self) -> float:
        """For how long there is nothing to do; 0 when a turn would do something now."""
        now = self.resources.clock.now()
        with self.resources.database.read() as connection:
            due = self.errand.next_turn(connection, now, self._in_hand)
        if due is not None and due <= now:
            return 0.0
        opens_in = self.errand.opens_in()
        seconds = LONGEST_SLEEP_SECONDS if due is None else self.resources.clock.real_seconds_until(due)
        return min(max(BUSY_SECONDS, min(LONGEST_SLEEP_SECONDS, seconds)), opens_in)

    def _record(self) -> list[Any]:
        """What came back is recorded, what goes next is claimed; nothing new once it stops.

        Where that fails each result is recorded alone: one that cannot be must not keep the others from it.
        """
        done, self._done = self._done, []
        try:
            return self._together(done)
        except Exception as error:
            if not done or isinstance(error, AWAY_ERRORS):
                self._done = [*done, *self._done]
                raise
            for each in done:
                self._alone(each)
            return []
        except BaseException:
            self._done = [*done, *self._done]
            raise

    def _together(self, done: list[tuple[Any, Any]]) -> list[Any]:
        """One transaction for all."""
        with self.resources.database.write() as uow:
            self.errand.record(uow, done)
            return [] if self._loop.stopping else self.errand.claim(uow, self._in_hand)

    def _alone(self, done: tuple[Any, Any]) -> None:
        """What cannot be recorded is given up, and found like the job of a process that ended."""
        try:
            with self.resources.database.write() as uow:
                self.errand.record(uow, [done])
        except AWAY_ERRORS:
            self._done.append(done)
        except Exception:
            log.error("what came of a call cannot be recorded", loop=self.signal, exc_info=True)

    def _call(self, job: Any) -> None:
        result = self.errand.call(job)
        # Together: whoever looks in between sees the job either in hand or done.
        self._done.append((job, result))
        self._in_hand.pop(job, None)
        self._wake.set()
