"""Work that goes on turn by turn beside everything else, and says itself when its next turn is.

mail = Regular("mail", build)     # build(resources) gives what has a `turn`
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from eventlet import tpool
from nameko.extensions import DependencyProvider

from shared.runtime.loop import SteadyLoop
from shared.runtime.resources import Resources, resources_of

T = TypeVar("T")


class Job(Protocol):
    """What the loop drives."""

    def turn(self, stopping: Callable[[], bool]) -> float:
        """Do what there is to do, until `stopping`; the real seconds until the next turn."""
        ...

    def close(self) -> None:
        """Let go of what is held outside."""
        ...


class Regular(DependencyProvider):  # type: ignore[misc]
    """Runs a job for as long as the process lives; a worker gets the job itself."""

    def __init__(self, name: str, build: Callable[[Resources], Job]) -> None:
        self.name = name
        self.build = build

    def setup(self) -> None:
        """Make it."""
        self.resources = resources_of(self.container)
        self.job = self.build(self.resources)
        self._loop = SteadyLoop(self.name, self._turn)
        self.resources.loops[self.name] = self._loop.is_well

    def start(self) -> None:
        """Begin."""
        self._loop.start(self.container)

    def stop(self) -> None:
        """Let the turn in hand end within a limit."""
        self._loop.stop()
        self.job.close()

    def get_dependency(self, _worker_ctx: Any) -> Job:
        """The job."""
        return self.job

    def _turn(self) -> None:
        self._loop.pause(self.job.turn(lambda: self._loop.stopping))


def aside(work: Callable[[], T]) -> T:
    """Do work that only computes in a thread of its own: green threads go on meanwhile."""
    tpool.set_num_threads(1)  # as long as there is none yet; one after the other is quick enough
    done: T = tpool.execute(work)
    return done
