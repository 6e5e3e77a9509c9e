"""What a service class declares and its methods use: work on the database, the relay, things built once."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import eventlet
import sqlalchemy as sa
from nameko.extensions import DependencyProvider

from shared.base.clock import wall_now
from shared.base.database import Database, UnitOfWork
from shared.base.link import Link
from shared.base.logs import logger
from shared.base.traces import current_trace, new_trace
from shared.outbox.answers import AS_IT_IS, Brief
from shared.outbox.firing import Due
from shared.outbox.relay import Outcome, Publisher
from shared.outbox.staging import OUTBOX_SIGNAL
from shared.runtime.loop import Loop
from shared.runtime.resources import Resources, resources_of
from shared.runtime.rounds import Rounds

POLL_SECONDS = 1.0
GATHER_SECONDS = 0.004
"""So long after a commit others may add to the window: each costs the database a claim and a mark of its own."""
BUSY_SECONDS = 0.025
"""Where the last window went longer ago, nobody is expected to add to this one: it goes at once."""
LOOK_SECONDS = 0.1
"""Between two looks for what is on its way; another replica may be the one that hears it, so nothing wakes us."""
UNHEARD_SECONDS = (0.5, 5.0)
"""Unheard events are sent again after the first of these, then each time after twice as long, up to the second."""
HOURLY = Rounds(first_seconds=60, every_seconds=3600)
"""Of the housekeeping; the first round waits until the start is over."""
REQUEST_ID = "request_id"
METHOD = "method"
TRACE = "trace"

Answer = dict[str, Any]
T = TypeVar("T")

log = logger(__name__)


class Desk:
    """One worker's way to the database; knows the request that it serves."""

    def __init__(self, resources: Resources, method: str, request_id: str | None) -> None:
        self._resources = resources
        self._method = method
        self._request_id = request_id

    def now(self) -> datetime:
        """The suite's instant."""
        return self._resources.clock.now()

    def do(self, command: Callable[[UnitOfWork], Answer]) -> Answer:
        """Run a command in a unit of work; the same request id again gives the first answer."""
        return self._resources.answers.run(self._method, self._request_id, command)

    def do_together(self, command: Callable[[UnitOfWork], Answer], brief: Brief = AS_IT_IS) -> Answer:
        """The same for what is asked for by the hundred: on SQLite those of the same moment share a commit."""
        return self._resources.answers.run_together(self._method, self._request_id, command, brief)

    def first_answer(self) -> Answer | None:
        """The answer that this request got before, if it is asked again."""
        return self._resources.answers.recall(self._method, self._request_id) if self._request_id else None

    def ask(self, query: Callable[[sa.Connection], T]) -> T:
        """Run a query; changes nothing."""
        with self._resources.database.read() as connection:
            return query(connection)

    def ask_in_turn(self, query: Callable[[sa.Connection], T]) -> T:
        """Run one query of many; other workers go on before the next."""
        answer = self.ask(query)
        eventlet.sleep(0)
        return answer

    def comes_true(self, query: Callable[[sa.Connection], bool], seconds: float) -> bool:
        """Whether it is so within so many real seconds; nothing is held meanwhile, and other workers go on."""
        deadline = time.monotonic() + seconds
        while not self.ask(query):
            if time.monotonic() >= deadline:
                return False
            eventlet.sleep(LOOK_SECONDS)
        return True

    def fire(self, due: Due) -> int:
        """Fire a batch of timers; those that fail are held and delay no other. How many."""
        return self._resources.firing.run(due)

    def run(self, work: Callable[[UnitOfWork], T]) -> T:
        """Run a unit of work that no request asked for, like a due timer."""
        with self._resources.database.write() as uow:
            return work(uow)


class Work(DependencyProvider):  # type: ignore[misc]
    """Gives each worker its Desk."""

    def setup(self) -> None:
        """Join the process's resources."""
        self.resources = resources_of(self.container)

    def get_dependency(self, worker_ctx: Any) -> Desk:
        """The worker's Desk."""
        data = worker_ctx.data or {}
        # Each worker is a green thread with a context of its own: nothing to undo.
        current_trace.set(data.get(TRACE) or new_trace())
        return Desk(self.resources, data.get(METHOD, ""), data.get(REQUEST_ID))


class Built(DependencyProvider):  # type: ignore[misc]
    """Something made once per process from its resources, like policies read from a file."""

    def __init__(self, build: Callable[[Resources], Any]) -> None:
        self.build = build

    def setup(self) -> None:
        """Make it."""
        self.built = self.build(resources_of(self.container))

    def get_dependency(self, _worker_ctx: Any) -> Any:
        """The thing itself."""
        return self.built


class EventRelay(DependencyProvider):  # type: ignore[misc]
    """Runs the outbox relay of the process; wakes at each commit that staged events, backstop every second.

    `whole` puts into an event what the service has staged by reference.
    """

    def __init__(self, whole: Callable[[Database, str], Sequence[bytes]] | None = None) -> None:
        self.whole = whole

    def setup(self) -> None:
        """Join the process's resources; the broker may be down."""
        self.resources = resources_of(self.container)
        self.connected = False
        self._after = 0
        self._patience = UNHEARD_SECONDS[0]
        self._again_at = 0.0
        self._sent_at = 0.0
        self._wake = self.resources.database.woken_by(OUTBOX_SIGNAL)
        self.resources.checks["outbox"] = lambda: self.connected

    def start(self) -> None:
        """Begin to send."""
        self._loop = Loop("relay", self._send)
        self._loop.start(self.container)

    def stop(self) -> None:
        """Send what is still pending, within limits, and stop."""
        self._wake.set()
        self._loop.stop()

    def get_dependency(self, _worker_ctx: Any) -> None:
        """Handlers cannot reach a publisher: they stage events in their unit of work."""

    def _send(self) -> None:
        with Link(self.resources.settings.amqp_uri, f"aftercare {self.resources.service} relay") as link:
            publisher = Publisher(link, whole=partial(self.whole, self.resources.database) if self.whole else None)
            self.connected = True
            try:
                while not self._loop.stopping:
                    self._drain(publisher)
                    self._rest(publisher)
                self._drain(publisher)
            finally:
                self.connected = False

    def _drain(self, publisher: Publisher) -> None:
        """Send all that is pending; what nobody takes is stepped over, and looked at again after a growing wait."""
        self._wake.clear()
        whole = time.monotonic() >= self._again_at
        if whole:
            self._after = 0
        refused = 0
        outcome = Outcome(more=True)
        while outcome.more:
            outcome = self.resources.relay.turn(publisher, self._after, outcome.most)
            self._count(outcome)
            refused += outcome.refused
            if outcome.refused and outcome.last is not None:
                self._after = outcome.last
        if refused:
            log.error("events wait: nobody hears them, or the broker refuses them", count=refused)
        if whole:
            self._again_at = time.monotonic() + (self._patience if refused else 0)
            self._patience = min(2 * self._patience, UNHEARD_SECONDS[1]) if refused else UNHEARD_SECONDS[0]

    def _count(self, outcome: Outcome) -> None:
        if outcome.sent:
            self._sent_at = time.monotonic()
        self.resources.metrics.events_sent.inc(outcome.sent)
        self.resources.metrics.events_unheard.inc(outcome.unheard)
        self.resources.metrics.events_refused.inc(outcome.refused)

    def _rest(self, publisher: Publisher) -> None:
        """Wait for a commit, and while many come for those that follow; keeps the connection alive."""
        self._wake.wait(timeout=POLL_SECONDS)
        if time.monotonic() - self._sent_at < BUSY_SECONDS:
            self._loop.pause(GATHER_SECONDS)
        publisher.idle(0)


class Housekeeping(DependencyProvider):  # type: ignore[misc]
    """Deletes what is no longer needed: sent events after 7 days, taken marks after 30, kept answers after 30.

    `also` deletes what the service itself has kept for long enough, and tells how many rows went.
    """

    def __init__(self, rounds: Rounds = HOURLY, also: Callable[[Resources], int] | None = None) -> None:
        self.rounds = rounds
        self.also = also

    def setup(self) -> None:
        """Join the process's resources."""
        self.resources = resources_of(self.container)

    def start(self) -> None:
        """Begin to make the rounds."""
        self._next = self.rounds.first(time.monotonic())
        self._loop = Loop("housekeeping", self._turn)
        self._loop.start(self.container)

    def stop(self) -> None:
        """Stop."""
        self._loop.stop()

    def _turn(self) -> None:
        if (left := self._next - time.monotonic()) > 0:
            self._loop.pause(left)
            return
        removed = self.resources.tidy(wall_now()) + (self.also(self.resources) if self.also else 0)
        # Only now: a round that found the database away is made again as soon as it is back.
        self._next = self.rounds.after(time.monotonic())
        log.info("what was kept for long enough removed", count=removed)
