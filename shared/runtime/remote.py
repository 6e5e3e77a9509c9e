"""Calling another service: a limit on every wait, and no waiting at all for one that was just found dead.

    sla = Remote("sla", seconds=1.0)
    self.sla.call("promise", {"kind": "complaint"})

nameko's own proxy waits for ever. Here a call answers within `seconds` or raises Unavailable; after a call that was
not answered the next ones fail at once for REST_SECONDS, then one call tries again (contracts 4: registration
answers with every other service down, and does not wait for the dead one each time).
"""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import amqp
from eventlet import Timeout
from eventlet.event import Event
from eventlet.semaphore import Semaphore
from nameko.extensions import DependencyProvider

from shared.base.broker import RPC_EXCHANGE, declare_exchanges
from shared.base.link import CONNECTION_ERRORS, Link, body_of
from shared.base.traces import current_trace
from shared.kernel.errors import AftercareError, Conflict, Forbidden, Invalid, NotFound, Refused, Unavailable
from shared.kernel.plain_json import parse_json, write_json
from shared.runtime.loop import Loop
from shared.runtime.resources import Resources, resources_of

REST_SECONDS = 5.0
_REFUSALS: dict[str, type[Refused]] = {"NotFound": NotFound, "Conflict": Conflict, "Forbidden": Forbidden}


class Caller:
    """Sends requests to one service and matches the answers; one per process."""

    def __init__(self, resources: Resources, service: str, seconds: float) -> None:
        self.connected = False
        self._resources = resources
        self._service = service
        self._seconds = seconds
        self._reply_to = str(uuid4())
        self._waiting: dict[str, Event] = {}
        self._publish: Callable[..., None]
        self._rests_until = 0.0
        self.loop = Loop(f"answers of {service}", self._listen)

    def call(self, method: str, request: dict[str, Any]) -> dict[str, Any]:
        """The answer; raises the other service's refusal, or Unavailable within the limit."""
        body = write_json({"args": [request], "kwargs": {}})
        self._admit()
        correlation_id = str(uuid4())
        self._waiting[correlation_id] = arrived = Event()
        try:
            with Timeout(self._seconds, Unavailable(f"{self._service} does not answer")):
                self._send(method, body, correlation_id)
                answer = _read(arrived.wait())
        except Unavailable:
            self._rests_until = time.monotonic() + REST_SECONDS
            raise
        finally:
            del self._waiting[correlation_id]
        self._rests_until = 0.0
        return _result(answer)

    def _admit(self) -> None:
        """Refuse at once while the service is thought dead; when its rest is over, let one call try."""
        now = time.monotonic()
        if now < self._rests_until or not self.connected:
            raise Unavailable(f"{self._service} did not answer lately")
        if self._rests_until:
            self._rests_until = now + REST_SECONDS

    def _send(self, method: str, body: bytes, correlation_id: str) -> None:
        message = amqp.Message(
            body,
            content_type="application/json",
            content_encoding="utf-8",
            correlation_id=correlation_id,
            reply_to=self._reply_to,
            expiration=str(int(self._seconds * 1000)),
            application_headers={"traceparent": current_trace.get()},
        )
        try:
            self._publish(message, RPC_EXCHANGE, f"{self._service}.{method}", mandatory=True)
        except CONNECTION_ERRORS as error:
            raise Unavailable(f"{self._service} cannot be asked: the broker is away") from error

    def _listen(self) -> None:
        name = f"aftercare {self._resources.service} asks {self._service}"
        with Link(self._resources.settings.amqp_uri, name, Semaphore()) as link:
            channel = self._open(link)

            def publish(*message: Any, **options: Any) -> None:
                with link.writing():
                    channel.basic_publish(*message, **options)

            self._publish = publish
            self.connected = True
            try:
                while not self.loop.stopping:
                    link.pump(timeout=0.5)
            finally:
                self.connected = False

    def _open(self, link: Link) -> Any:
        channel = link.channel()
        declare_exchanges(channel)
        queue = channel.queue_declare(f"answers-{self._reply_to}", exclusive=True, auto_delete=True).queue
        channel.queue_bind(queue, RPC_EXCHANGE, self._reply_to)
        channel.basic_consume(queue, callback=self._arrived, no_ack=True)
        channel.events["basic_return"].add(self._returned)
        return channel

    def _arrived(self, message: Any) -> None:
        self._settle(message.properties.get("correlation_id", ""), body_of(message))

    def _returned(self, _error: Any, _exchange: str, _key: str, message: Any) -> None:
        self._settle(message.properties.get("correlation_id", ""), None)

    def _settle(self, correlation_id: str, body: bytes | None) -> None:
        waiter = self._waiting.get(correlation_id)
        if waiter is not None and not waiter.ready():
            waiter.send(body)


def _read(body: bytes | None) -> dict[str, Any]:
    """The answer in a reply; raises Unavailable when there is none, or the service could not do its work."""
    if body is None:
        raise Unavailable("nobody takes requests there")
    try:
        answer = parse_json(body)
        error = answer["error"]
        if error is None and isinstance(answer["result"], dict):
            return dict(answer)
        if error["exc_type"] != Unavailable.slug and isinstance(error["value"], str):
            return dict(answer)
    except (ValueError, KeyError, TypeError):
        raise Unavailable("the answer makes no sense") from None
    raise Unavailable(str(error["value"]))


def _result(answer: dict[str, Any]) -> dict[str, Any]:
    if answer["error"]:
        raise _refusal(answer["error"])
    result: dict[str, Any] = answer["result"]
    return result


def _refusal(error: dict[str, Any]) -> AftercareError:
    kind, said, detail = error["exc_type"], error["value"], (error.get("exc_args") or [None])[0]
    if kind == Invalid.slug:
        return Invalid(said, detail)
    if kind in _REFUSALS:
        return _REFUSALS[kind](said, detail)
    return Unavailable(f"{kind}: {said}")


class Remote(DependencyProvider):  # type: ignore[misc]
    """Gives a service the Caller of another one."""

    def __init__(self, service: str, seconds: float = 5.0) -> None:
        self.service = service
        self.seconds = seconds

    def setup(self) -> None:
        """Make the caller; the broker may be down."""
        resources = resources_of(self.container)
        self.caller = Caller(resources, self.service, self.seconds)
        resources.callers[self.service] = self.caller
        resources.checks[f"asks {self.service}"] = lambda: self.caller.connected

    def start(self) -> None:
        """Begin to listen for answers."""
        self.caller.loop.start(self.container)

    def stop(self) -> None:
        """Stop."""
        self.caller.loop.stop()

    def get_dependency(self, _worker_ctx: Any) -> Caller:
        """The caller."""
        return self.caller
