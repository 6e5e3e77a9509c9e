"""The RPC entrypoint: methods that any AMQP client can call on `nameko-rpc` (contracts 4, design 3).

nameko's own executes a request before it finds that it cannot answer it, and then dies of it. Here the envelope is
checked first; a request without `reply_to` is dead-lettered unexecuted; an answer that cannot be sent is logged, and
the caller's next try gets it by its request id. Answers go out without waiting for confirms, on the connection that
brought the request, so an acknowledgement never overtakes its answer.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import marshmallow as ma
from eventlet.semaphore import Semaphore
from nameko.extensions import Entrypoint, ProviderCollector, SharedExtension

from shared.base.broker import RPC_EXCHANGE, declare_exchanges, declare_queue
from shared.base.link import CONNECTION_ERRORS, Link, body_of
from shared.base.logs import logger
from shared.base.schema import load
from shared.events.envelope import trace_or_none
from shared.kernel.errors import Refused, Unavailable
from shared.outbox.frames import Frames
from shared.runtime.loop import Loop, limited
from shared.runtime.providers import METHOD, REQUEST_ID, TRACE
from shared.runtime.requests import MAX_BODY_BYTES, MethodNotFound, Request, answer, read_request, refusal
from shared.runtime.resources import resources_of

F = TypeVar("F", bound=Callable[..., Any])

log = logger(__name__)


class RpcQueue(ProviderCollector, SharedExtension):  # type: ignore[misc]
    """The request queue of a service, shared by all its methods."""

    def setup(self) -> None:
        """Join the process's resources; the broker may be down."""
        self.resources = resources_of(self.container)
        self.queue = f"rpc-{self.resources.service}"
        self.connected = False
        self.in_hand = 0
        self.resources.checks["rpc"] = lambda: self.connected

    def start(self) -> None:
        """Begin to take requests."""
        self._methods: dict[str, RpcMethod] = {each.method_name: each for each in self._providers}
        self._loop = Loop(f"requests of {self.resources.service}", self._serve)
        self._loop.start(self.container)

    def finish(self) -> None:
        """Take no more requests; those in hand are still answered."""
        self._loop.stop()

    def _serve(self) -> None:
        name = f"aftercare {self.resources.service} rpc"
        with Link(self.resources.settings.amqp_uri, name, Semaphore()) as link:
            arrived: deque[Any] = deque()
            channel, consumer = self._open(link, arrived)
            frames = Frames(channel.channel_id, link.frame_max)
            self.connected = True
            try:
                while not self._loop.stopping:
                    self._take(link, channel, frames, arrived)
                with link.writing():
                    channel.basic_cancel(consumer, nowait=True)
                while self.in_hand:
                    self._take(link, channel, frames, arrived)
            finally:
                self.connected = False

    def _open(self, link: Link, arrived: deque[Any]) -> tuple[Any, str]:
        channel = link.channel()
        declare_exchanges(channel)
        declare_queue(channel, self.queue, {RPC_EXCHANGE: [f"{self.resources.service}.*"]})
        # On SQLite no other process could take them: the next ones lie ready when those in hand have shared a commit.
        ahead = 2 if self.resources.database.is_sqlite else 1
        channel.basic_qos(0, ahead * self.resources.settings.workers, False)
        return channel, channel.basic_consume(self.queue, callback=arrived.append)

    def _take(self, link: Link, channel: Any, frames: Frames, arrived: deque[Any]) -> None:
        link.pump(timeout=0.5)
        while arrived:
            Exchange(self, link, channel, frames, arrived.popleft()).begin()

    def count_in_hand(self, change: int) -> None:
        """A request was taken up, or is answered."""
        self.in_hand += change
        self.resources.metrics.in_hand.set(self.in_hand)

    def method(self, routing_key: str) -> "RpcMethod":
        """The method that a routing key names."""
        name = routing_key.partition(".")[2]
        if name not in self._methods:
            raise MethodNotFound(f"{self.resources.service} has no method {name}", {"methods": sorted(self._methods)})
        return self._methods[name]


class Exchange:
    """One request and its answer."""

    def __init__(self, queue: RpcQueue, link: Link, channel: Any, frames: Frames, message: Any) -> None:
        self._queue = queue
        self._link = link
        self._channel = channel
        self._frames = frames
        self._tag = message.delivery_tag
        self._message = message
        self._reply_to = message.properties.get("reply_to")
        self._correlation_id = message.properties.get("correlation_id")
        self._name = "unknown"
        self._begun = time.perf_counter()

    def begin(self) -> None:
        """Check the envelope, then have the method run; refuse what is no request."""
        if not self._reply_to:
            self._refuse_reply_less()
            return
        try:
            method = self._queue.method(self._message.delivery_info["routing_key"])
            self._name = method.method_name
            request = read_request(body_of(self._message), self._correlation_id, method.longest)
            arguments = load(method.schema, request.body)
        except Refused as error:
            self._end([refusal(error)], error.slug)
            return
        self._run(method, request, arguments)

    def _run(self, method: "RpcMethod", request: Request, arguments: dict[str, Any]) -> None:
        headers = self._message.properties.get("application_headers") or {}
        trace = trace_or_none(headers.get("traceparent"))
        context = {METHOD: self._name, REQUEST_ID: request.request_id, TRACE: trace}
        self._queue.count_in_hand(1)
        self._queue.container.spawn_worker(
            method, (arguments,), {}, context_data=context, handle_result=self._handle_result
        )

    def _handle_result(self, _context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        try:
            self._conclude(result, exc_info)
        finally:
            self._queue.count_in_hand(-1)
        return result, None

    def _conclude(self, result: Any, exc_info: Any) -> None:
        self._queue.resources.metrics.request_seconds.labels(self._name).observe(time.perf_counter() - self._begun)
        error = exc_info[1] if exc_info else None
        if error is None:
            self._end(*_rendered(result))
            return
        if isinstance(error, Unavailable):
            log.warning("a method could not do its work", method=self._name, error=repr(error))
        elif not isinstance(error, Refused):
            log.error("a method failed", method=self._name, exc_info=exc_info)
        self._end([refusal(error)], getattr(error, "slug", "Internal"))

    def _end(self, body: Sequence[bytes], outcome: str) -> None:
        """Answer, then acknowledge; a connection that broke meanwhile has the request delivered again."""
        self._queue.resources.metrics.requests.labels(self._name, outcome).inc()
        answer = self._frames.answer(RPC_EXCHANGE, self._reply_to, self._correlation_id or "", body, self._tag)
        try:
            self._link.write(answer)
        except CONNECTION_ERRORS as error:
            log.warning("an answer could not be sent", method=self._name, error=repr(error))

    def _refuse_reply_less(self) -> None:
        log.warning("request without reply_to dead-lettered, not executed")
        self._queue.resources.metrics.requests.labels(self._name, "no_reply_to").inc()
        with suppress(*CONNECTION_ERRORS), self._link.writing():
            self._channel.basic_reject(self._tag, requeue=False)


class RpcMethod(Entrypoint):  # type: ignore[misc]
    """A method of a service that others may call; its argument is the request that its schema has validated."""

    queue = RpcQueue()

    def __init__(self, schema: type[ma.Schema], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.schema = schema()
        self.longest: int = getattr(schema, "longest_body", MAX_BODY_BYTES)

    def setup(self) -> None:
        """Register with the service's queue."""
        self.queue.register_provider(self)

    def stop(self) -> None:
        """No more requests: before the providers stop, on which requests in hand still rely."""
        self.queue.finish()
        self.queue.unregister_provider(self)


def _rendered(result: Any) -> tuple[list[bytes], str]:
    try:
        return answer(result), "ok"
    except (TypeError, ValueError) as error:
        log.error("a method's answer is no JSON", error=repr(error))
        return [refusal(error)], "Internal"


def rpc(schema: type[ma.Schema]) -> Callable[[F], F]:
    """Declare a method of the service: its argument is the request that `schema` has validated."""
    decorate: Callable[[F], F] = RpcMethod.decorator(schema)
    return lambda method: decorate(limited(method))
