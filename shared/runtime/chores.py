"""Chores: work that is due as soon as it is committed, done in batches behind whoever committed it.

    after_registration = Chores("after registration", build)    # build(resources) gives what there is to do, and how

A commit with the signal wakes the loop, and it looks at least once a second: what a process that ended left behind, or
what another replica committed, is found by its state. After a batch it waits a moment, so that under load many are done
in one transaction; a suite that is brought to rest does not wait for that. What fails is held back alone, and parked
with its reason in the end, as timers are (shared.outbox.firing).
"""

import threading
from collections.abc import Callable
from datetime import datetime

from nameko.extensions import DependencyProvider

from shared.base.clock import wall_now
from shared.outbox.firing import Chore, Firing
from shared.runtime.loop import SteadyLoop
from shared.runtime.resources import Resources, resources_of

LONGEST_SLEEP_SECONDS = 1.0
GATHER_SECONDS = 0.25
"""Between two batches: what is committed meanwhile goes together."""


class Chores(DependencyProvider):  # type: ignore[misc]
    """Runs one sort of chores of a process; at rest, and when the suite's clock is moved, none is left."""

    def __init__(self, build: Callable[[Resources], Chore]) -> None:
        self.build = build

    def setup(self) -> None:
        """Join the process's resources."""
        self.resources = resources_of(self.container)
        self.chore = self.build(self.resources)
        resources = self.resources
        self.firing = Firing(resources.database, resources.inbox, resources.held, what=self.chore.name)
        self.resources.timers.append(self)
        self.resources.chores.append(self)
        self._loop = SteadyLoop(self.chore.name, self._turn)
        self.resources.loops[self._loop.name] = self._loop.is_well
        self._wake = self.resources.database.woken_by(self.chore.name)
        self._hurry = threading.Event()

    def start(self) -> None:
        """Begin."""
        self._loop.start(self.container)

    def stop(self) -> None:
        """Finish the batch in hand and stop; what is left is found at the next start."""
        self._loop.stopping = True
        self.wake()
        self._loop.stop()

    def earliest(self) -> datetime | None:
        """The instant of the suite at which the next is due: now, or never."""
        return None if self.is_caught_up() else self.resources.clock.now()

    def is_caught_up(self) -> bool:
        """Whether nothing is left to do but what is held."""
        with self.resources.database.read() as connection:
            return not self.chore.waits(connection)

    def wake(self) -> None:
        """Look again now, without a moment's wait."""
        self._hurry.set()
        self._wake.set()

    def _turn(self) -> None:
        self._wake.clear()
        self._hurry.clear()
        waits = not self.is_caught_up()
        done = self.firing.run(self.chore.due) if waits or self._retries() else 0
        self.resources.metrics.timers_fired.inc(done)
        if done:
            self._hurry.wait(timeout=GATHER_SECONDS)
        else:  # what waits now is in the hands of others
            self._wake.wait(timeout=GATHER_SECONDS if waits else LONGEST_SLEEP_SECONDS)

    def _retries(self) -> bool:
        """Whether something that is held is to be tried again."""
        retry = self.firing.next_retry()
        return retry is not None and retry <= wall_now()
