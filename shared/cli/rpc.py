"""Requests over AMQP from outside the suite, many in flight at once (contracts 4).

pika, because this is what any outside client would use; every wait has a limit.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError, ChannelClosedByBroker

from shared.kernel.errors import AftercareError, Conflict, Forbidden, Invalid, NotFound, Refused, Unavailable

EXCHANGE = "nameko-rpc"
SECONDS = 10.0
CONNECT_SECONDS = 5.0

Answer = dict[str, Any]
Settle = Callable[[Answer | AftercareError], None]

_REFUSALS: dict[str, type[Refused]] = {"NotFound": NotFound, "Conflict": Conflict, "Forbidden": Forbidden}


@dataclass
class _Waiting:
    service: str
    settle: Settle
    deadline: float


class Rpc:
    """One connection; use it as a context manager. Not for several threads."""

    def __init__(self, amqp_uri: str, seconds: float = SECONDS) -> None:
        self._uri = amqp_uri
        self._seconds = seconds
        self._reply_to = str(uuid4())
        self._waiting: dict[str, _Waiting] = {}

    @property
    def suite(self) -> str:
        """Which suite answers: a digest, for the address holds its password, which no other suite has."""
        return hashlib.sha256(self._uri.encode()).hexdigest()[:16]

    def __enter__(self) -> "Rpc":
        parameters = pika.URLParameters(self._uri)
        parameters.socket_timeout = parameters.blocked_connection_timeout = CONNECT_SECONDS
        parameters.client_properties = {"connection_name": "aftercare command line"}
        try:
            self._connection = pika.BlockingConnection(parameters)
            self._channel = self._open()
        except (AMQPError, OSError):
            raise Unavailable("the suite's broker does not answer; look at `aftercare status`") from None
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(AMQPError):  # one that broke needs no closing
            self._connection.close()

    def call(self, method: str, request: Mapping[str, Any]) -> Answer:
        """The answer to one request; raises the service's refusal, or Unavailable within the limit."""
        arrived: list[Answer | AftercareError] = []
        self.send(method, request, arrived.append)
        while not arrived:
            self.pump()
        if isinstance(arrived[0], AftercareError):
            raise arrived[0]
        return arrived[0]

    def send(self, method: str, request: Mapping[str, Any], settle: Settle) -> None:
        """Put a request on its way; `settle` gets the answer, or the error, during a later `pump`."""
        correlation_id = str(uuid4())
        self._waiting[correlation_id] = _Waiting(method.partition(".")[0], settle, time.monotonic() + self._seconds)
        properties = pika.BasicProperties(
            content_type="application/json",
            content_encoding="utf-8",
            correlation_id=correlation_id,
            reply_to=self._reply_to,
            expiration=str(int(self._seconds * 1000)),
        )
        body = json.dumps({"args": [request], "kwargs": {}}, ensure_ascii=False).encode()
        with _broken_is_unavailable():
            self._channel.basic_publish(EXCHANGE, method, body, properties, mandatory=True)

    def pump(self) -> None:
        """Wait for answers a little, and settle what has arrived or has taken too long."""
        with _broken_is_unavailable():
            self._connection.process_data_events(time_limit=0.2)
        now = time.monotonic()
        for correlation_id in [each for each, waiting in self._waiting.items() if waiting.deadline < now]:
            service = self._waiting[correlation_id].service
            self._settle(correlation_id, Unavailable(f"{service} does not answer; look at `aftercare status`"))

    def depth(self, queue: str) -> int | None:
        """How many messages lie in a queue; None where there is no such queue."""
        with _broken_is_unavailable():
            try:
                declared = self._connection.channel().queue_declare(queue, passive=True)
            except ChannelClosedByBroker:
                return None
            return int(declared.method.message_count)

    def _open(self) -> BlockingChannel:
        channel = self._connection.channel()
        channel.exchange_declare(EXCHANGE, "topic", durable=True)
        queue = channel.queue_declare(f"answers-{self._reply_to}", exclusive=True, auto_delete=True).method.queue
        channel.queue_bind(queue, EXCHANGE, self._reply_to)
        channel.basic_consume(queue, self._arrived, auto_ack=True)
        channel.add_on_return_callback(self._returned)
        return channel

    def _arrived(self, _channel: Any, _method: Any, properties: Any, body: bytes) -> None:
        self._settle(properties.correlation_id, read_answer(body))

    def _returned(self, _channel: Any, method: Any, properties: Any, _body: bytes) -> None:
        service = method.routing_key.partition(".")[0]
        self._settle(properties.correlation_id, Unavailable(f"{service} takes no requests; is it running?"))

    def _settle(self, correlation_id: str, outcome: Answer | AftercareError) -> None:
        waiting = self._waiting.pop(correlation_id, None)
        if waiting is not None:
            waiting.settle(outcome)


@contextmanager
def _broken_is_unavailable() -> Iterator[None]:
    try:
        yield
    except (AMQPError, OSError):
        raise Unavailable("the connection to the suite's broker broke; look at `aftercare status`") from None


def read_answer(body: bytes) -> Answer | AftercareError:
    """The result in an answer, or the kernel's error that it names."""
    answer = json.loads(body)
    error = answer.get("error")
    if not error:
        result: Answer = answer["result"]
        return result
    detail = (error.get("exc_args") or [None])[0]
    kind, sentence = error["exc_type"], str(error["value"])
    if kind == Invalid.slug:
        return Invalid(sentence, detail)
    if kind in _REFUSALS:
        return _REFUSALS[kind](sentence, detail)
    if kind == Unavailable.slug:
        return Unavailable(sentence)
    return AftercareError(sentence) if kind == AftercareError.slug else Refused(sentence, detail)
