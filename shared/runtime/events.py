"""The consumer entrypoint: deliveries in batches, one transaction each, acknowledged after the commit (design 3).

    @events("sla.cases", {"intake": ["case.#"]})
    def cases(self, batch):
        batch.apply(handlers.case_changed)

What a handler raises decides about its message alone (shared.outbox.inbox.judge). Undecodable bytes go to the
broker's dead-letter queue. A database that is away stops the consumer; it holds its deliveries and goes on later.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from eventlet.event import Event
from nameko.extensions import Entrypoint

from shared.base.broker import declare_exchanges, declare_queue
from shared.base.clock import wall_now
from shared.base.link import Link, body_of
from shared.base.logs import logger
from shared.events import Envelope, exchange_of
from shared.kernel.errors import Undecodable
from shared.outbox.inbox import Handler, held_signal
from shared.runtime.loop import AWAY_ERRORS, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, Loop, limited
from shared.runtime.resources import Resources, resources_of

BATCH = 100
PREFETCH = 2 * BATCH
LONGEST_RETRY_SLEEP_SECONDS = 1.0
"""Between two looks at the held messages: another replica may have kept one back."""
BUSY_SECONDS = 0.05
"""Before the next look when held messages are due: another replica may have them in hand."""
BARRIER_HEADER = "aftercare-barrier"

F = TypeVar("F", bound=Callable[..., Any])

log = logger(__name__)


class Delivered:
    """A batch fresh from the broker, as the service method sees it."""

    def __init__(self, resources: Resources, queue: str, envelopes: Sequence[Envelope]) -> None:
        self._resources = resources
        self._queue = queue
        self._envelopes = envelopes

    def apply(self, handler: Handler) -> None:
        """Handle every new message of the batch in one transaction."""
        taken = self._resources.inbox.apply(self._queue, self._envelopes, limited(handler))
        counter = self._resources.metrics.events_taken
        counter.labels(self._queue, "taken").inc(taken)
        counter.labels(self._queue, "known").inc(len(self._envelopes) - taken)


class Retried:
    """Held messages whose time has come, as the service method sees them."""

    def __init__(self, resources: Resources, queue: str) -> None:
        self._resources = resources
        self._queue = queue

    def apply(self, handler: Handler) -> None:
        """Try each again, one transaction each."""
        tried = self._resources.held.retry_due({self._queue: limited(handler)})
        self._resources.metrics.events_taken.labels(self._queue, "retried").inc(tried)


Batch = Delivered | Retried


class EventConsumer(Entrypoint):  # type: ignore[misc]
    """Feeds a service method from a durable queue of its own, bound to other services' events."""

    def __init__(self, queue: str, sources: Mapping[str, Sequence[str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.queue = queue
        self.sources = sources
        self.connected = False
        self._barriers: dict[str, Event] = {}

    def setup(self) -> None:
        """Join the process's resources; the broker may be down."""
        self.resources = resources_of(self.container)
        self.resources.checks[f"queue {self.queue}"] = lambda: self.connected
        self.resources.consumers.append(self)
        self._held = self.resources.database.woken_by(held_signal(self.queue))

    def start(self) -> None:
        """Begin to consume, and to try held messages again."""
        self._consuming = Loop(f"events from {self.queue}", self._consume)
        self._retrying = Loop(f"held from {self.queue}", self._retry)
        self._consuming.start(self.container)
        self._retrying.start(self.container)

    def stop(self) -> None:
        """Finish the batch in hand and stop; what is not acknowledged will be delivered again."""
        self._consuming.stop()
        self._held.set()
        self._retrying.stop()

    def _consume(self) -> None:
        # Each delivery that is given back counts towards the queue's delivery limit: take none that cannot be kept.
        self.resources.database.ping()
        pending: deque[Any] = deque()
        with Link(self.resources.settings.amqp_uri, f"aftercare {self.resources.service} {self.queue}") as link:
            channel = self._open(link, pending)
            self.connected = True
            try:
                while not self._consuming.stopping:
                    self._gather(link, pending)
                    while pending and not self._consuming.stopping:
                        self._settle(link, channel, [pending.popleft() for _ in range(min(BATCH, len(pending)))])
            finally:
                self.connected = False

    def _open(self, link: Link, pending: deque[Any]) -> Any:
        channel = link.channel()
        declare_exchanges(channel)
        declare_queue(channel, self.queue, {exchange_of(name): keys for name, keys in self.sources.items()})
        channel.basic_qos(0, PREFETCH, False)
        channel.basic_consume(self.queue, callback=pending.append)
        return channel

    def _gather(self, link: Link, pending: deque[Any]) -> None:
        """Wait for the first delivery, then take what is already here."""
        link.pump(timeout=0.5)
        while pending and len(pending) < BATCH and link.pump(timeout=0):
            pass

    def _settle(self, link: Link, channel: Any, messages: list[Any]) -> None:
        """Have the batch handled, then acknowledge it; undecodable ones are dead-lettered first."""
        barriers = [message for message in messages if _barrier(message)]
        events = [message for message in messages if not _barrier(message)]
        decoded = [(message, self._decode(channel, message)) for message in events]
        envelopes = [envelope for _, envelope in decoded if envelope]
        if envelopes:
            self._persist(link, envelopes)
        taken = [message.delivery_tag for message, envelope in decoded if envelope]
        taken += [message.delivery_tag for message in barriers]
        if taken:
            channel.basic_ack(max(taken), multiple=True)
        for message in barriers:
            self._barriers.pop(_barrier(message), Event()).send(None)

    def _decode(self, channel: Any, message: Any) -> Envelope | None:
        try:
            return Envelope.from_bytes(body_of(message))
        except Undecodable as error:
            log.error("undecodable message dead-lettered", queue=self.queue, reason=str(error))
            self.resources.metrics.events_taken.labels(self.queue, "undecodable").inc()
            channel.basic_reject(message.delivery_tag, requeue=False)
            return None

    def _persist(self, link: Link, envelopes: Sequence[Envelope]) -> None:
        """Run the service method until it has committed; a database that is away is waited for."""
        wait = FIRST_PAUSE_SECONDS
        while not self._consuming.stopping:
            error = self._work(Delivered(self.resources, self.queue, envelopes))
            if error is None:
                return
            if not isinstance(error, AWAY_ERRORS):
                raise error
            log.warning("the batch waits for the database", queue=self.queue, error=repr(error), seconds=wait)
            link.pump(timeout=wait)
            self._consuming.pause(wait)
            wait = min(wait * 2, LONGEST_PAUSE_SECONDS)
        raise ConnectionAbortedError("stopped while the database was away; the broker delivers these again")

    def _retry(self) -> None:
        """Sleep until the next held message is due, or one is kept back; then try what is due."""
        self._held.clear()
        due = self.resources.held.next_due(self.queue)
        wait = LONGEST_RETRY_SLEEP_SECONDS
        if due is not None:
            wait = min(wait, (due - wall_now()).total_seconds())
        if wait > 0:
            self._held.wait(timeout=wait)
            return
        error = self._work(Retried(self.resources, self.queue))
        if error is not None:
            raise error
        self._held.wait(timeout=BUSY_SECONDS)

    def _work(self, batch: Batch) -> BaseException | None:
        """Run the service method as a nameko worker and wait for it; what it raised, or None."""
        done: Event = Event()

        def handle_result(_context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            done.send(exc_info[1] if exc_info else None)
            return result, exc_info

        self.container.spawn_worker(self, (batch,), {}, handle_result=handle_result)
        error: BaseException | None = done.wait()
        return error

    def barrier(self, name: str) -> Event:
        """An event that is sent once everything queued before the barrier message `name` is committed."""
        return self._barriers.setdefault(name, Event())

    def forget(self, name: str) -> None:
        """Nobody waits for this barrier any more."""
        self._barriers.pop(name, None)


def _barrier(message: Any) -> str:
    """The name of a barrier message; nothing for any other."""
    name = (message.properties.get("application_headers") or {}).get(BARRIER_HEADER)
    return name if isinstance(name, str) else ""


def events(queue: str, sources: Mapping[str, Sequence[str]]) -> Callable[[F], F]:
    """Declare a consumer: `queue` is bound to the events of each service in `sources` by patterns."""
    decorate: Callable[[F], F] = EventConsumer.decorator(queue, sources)
    return lambda method: decorate(limited(method))
