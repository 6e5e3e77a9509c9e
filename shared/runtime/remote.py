"""Calling another service: a limit on every wait, and no waiting at all for one that was just found dead.

    sla = Remote("sla", seconds=1.0)
    self.sla.call("promise", {"kind": "complaint"})

nameko's own proxy waits for ever. Here a call answers within `seconds` or raises Unavailable; after a call that was
not answered the next ones fail at once for REST_SECONDS, then one call tries again (IN: registration must answer
with every other service down, and not wait for the dead one each time).
"""

import json
import time
from typing import Any
from uuid import uuid4

import amqp
from eventlet import Timeout
from eventlet.event import Event
from eventlet.semaphore import Semaphore
from nameko.extensions import DependencyProvider

from shared.base.broker import CONNECTION_ERRORS, RPC_EXCHANGE, Link, declare_exchanges
from shared.kernel.errors import AftercareError, Conflict, Forbidden, Invalid, NotFound, Refused, Unavailable
from shared.outbox.staging import current_trace
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
        self._writing = Semaphore()
        self._channel: Any = None
        self._rests_until = 0.0
        self.loop = Loop(f"answers of {service}", self._listen)

    def call(self, method: str, request: dict[str, Any]) -> dict[str, Any]:
        """The answer; raises the other service's refusal, or Unavailable within the limit."""
        if time.monotonic() < self._rests_until or not self.connected:
            raise Unavailable(f"{self._service} did not answer lately")
        correlation_id = str(uuid4())
        self._waiting[correlation_id] = arrived = Event()
        try:
            with Timeout(self._seconds, Unavailable(f"{self._service} does not answer")):
                self._send(method, request, correlation_id)
                return _result(arrived.wait())
        except Unavailable:
            self._rests_until = time.monotonic() + REST_SECONDS
            raise
        finally:
            del self._waiting[correlation_id]

    def _send(self, method: str, request: dict[str, Any], correlation_id: str) -> None:
        message = amqp.Message(
            json.dumps({"args": [request], "kwargs": {}}, ensure_ascii=False),
            content_type="application/json",
            content_encoding="utf-8",
            correlation_id=correlation_id,
            reply_to=self._reply_to,
            expiration=str(int(self._seconds * 1000)),
            application_headers={"traceparent": current_trace.get()},
        )
        try:
            with self._writing:
                self._channel.basic_publish(message, RPC_EXCHANGE, f"{self._service}.{method}", mandatory=True)
        except CONNECTION_ERRORS as error:
            raise Unavailable(f"{self._service} cannot be asked: the broker is away") from error

    def _listen(self) -> None:
        name = f"aftercare {self._resources.service} asks {self._service}"
        with Link(self._resources.settings.amqp_uri, name, self._writing) as link:
            self._channel = channel = link.channel()
            declare_exchanges(channel)
            queue = channel.queue_declare(f"answers-{self._reply_to}", exclusive=True, auto_delete=True).queue
            channel.queue_bind(queue, RPC_EXCHANGE, self._reply_to)
            channel.basic_consume(queue, callback=self._arrived, no_ack=True)
            channel.events["basic_return"].add(self._returned)
            self.connected = True
            try:
                while not self.loop.stopping:
                    link.pump(timeout=0.5)
            finally:
                self.connected = False

    def _arrived(self, message: Any) -> None:
        self._settle(message.properties.get("correlation_id", ""), message.body)

    def _returned(self, _error: Any, _exchange: str, _key: str, message: Any) -> None:
        self._settle(message.properties.get("correlation_id", ""), None)

    def _settle(self, correlation_id: str, body: Any) -> None:
        waiter = self._waiting.get(correlation_id)
        if waiter is not None and not waiter.ready():
            waiter.send(body)


def _result(body: Any) -> dict[str, Any]:
    if body is None:
        raise Unavailable("nobody takes requests there")
    answer = json.loads(body)
    error = answer.get("error")
    if error:
        raise _refusal(error)
    result: dict[str, Any] = answer["result"]
    return result


def _refusal(error: dict[str, Any]) -> AftercareError:
    detail = (error.get("exc_args") or [None])[0]
    if error["exc_type"] == "Invalid":
        return Invalid(error["value"], detail)
    if error["exc_type"] in _REFUSALS:
        return _REFUSALS[error["exc_type"]](error["value"], detail)
    return Unavailable(error["value"])


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
