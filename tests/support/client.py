"""The outside: an AMQP client on pika that asks, says, listens, and sends what nobody should."""

import contextlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pika
from pika.exceptions import AMQPError

from shared.base.broker import DEAD_QUEUE, RPC_EXCHANGE
from shared.events import CONTENT_TYPE, Envelope
from tests.support.probe import NAME

ANSWER_SECONDS = 60.0


class Client:
    """One connection with a reply queue of its own."""

    def __init__(self, uri: str) -> None:
        self._connection = pika.BlockingConnection(pika.URLParameters(uri))
        self.channel = self._connection.channel()
        self.channel.exchange_declare(RPC_EXCHANGE, "topic", durable=True)
        self.reply_to = str(uuid4())
        self._queue = self.channel.queue_declare("", exclusive=True).method.queue
        self.channel.queue_bind(self._queue, RPC_EXCHANGE, self.reply_to)

    def close(self) -> None:
        """Hang up."""
        with contextlib.suppress(AMQPError):
            self._connection.close()

    def ask(self, method: str, request: Any = None, *, seconds: float = ANSWER_SECONDS, **properties: Any) -> Any:
        """The answer of the probe's method, `{"result", "error"}`; None when none came."""
        body = json.dumps({"args": [{} if request is None else request], "kwargs": {}}).encode()
        return self.ask_raw(f"{NAME}.{method}", body, seconds=seconds, **properties)

    def ask_raw(self, routing_key: str, body: bytes, *, seconds: float = ANSWER_SECONDS, **properties: Any) -> Any:
        """The answer to these bytes."""
        asked = self.send(routing_key, body, **properties)
        deadline = time.monotonic() + seconds
        for _, answered, answer in self.channel.consume(self._queue, auto_ack=True, inactivity_timeout=0.1):
            if answered is not None and answered.correlation_id == asked:
                return json.loads(answer)
            if time.monotonic() > deadline:
                return None
        return None

    def send(self, routing_key: str, body: bytes, **properties: Any) -> str:
        """Send a request without waiting; its correlation id."""
        chosen = {
            "reply_to": self.reply_to,
            "correlation_id": str(uuid4()),
            "content_type": "application/json",
            "content_encoding": "utf-8",
        } | properties
        self.publish(RPC_EXCHANGE, routing_key, body, **chosen)
        return str(chosen["correlation_id"])

    def answers(self, count: int, seconds: float = ANSWER_SECONDS) -> dict[str, Any]:
        """The next answers, by correlation id; fewer when they do not come in time."""
        found: dict[str, Any] = {}
        deadline = time.monotonic() + seconds
        for _, answered, answer in self.channel.consume(self._queue, auto_ack=True, inactivity_timeout=0.1):
            if answered is not None:
                found[answered.correlation_id] = json.loads(answer)
            if len(found) >= count or time.monotonic() > deadline:
                break
        return found

    def publish(self, exchange: str, routing_key: str, body: bytes, **properties: Any) -> None:
        """Send anything."""
        self.channel.basic_publish(exchange, routing_key, body, pika.BasicProperties(**properties))

    def say(self, data: dict[str, Any], **changes: Any) -> str:
        """Publish an event that the probe hears; its id."""
        envelope = event(data, **changes)
        self.publish(
            f"{NAME}.events", envelope.type, envelope.to_bytes(), content_type=CONTENT_TYPE, message_id=envelope.id
        )
        return envelope.id

    def depth(self, queue: str) -> int:
        """How many messages are ready in a queue."""
        return int(self.channel.queue_declare(queue, passive=True).method.message_count)

    def take(self, queue: str = DEAD_QUEUE) -> tuple[Any, bytes] | None:
        """One message out of a queue: its properties and body."""
        method, properties, body = self.channel.basic_get(queue, auto_ack=True)
        return (properties, body) if method else None

    def tap(self, exchange: str, pattern: str = "#") -> str:
        """A queue that hears everything from now on."""
        queue = str(self.channel.queue_declare("", exclusive=True).method.queue)
        self.channel.queue_bind(queue, exchange, pattern)
        return queue


def event(data: dict[str, Any], **changes: Any) -> Envelope:
    """An event of the probe."""
    chosen: dict[str, Any] = {
        "id": str(uuid4()),
        "source": f"/aftercare/{NAME}",
        "type": "order.due.v1",
        "subject": "order",
        "time": datetime(2026, 10, 9, 14, tzinfo=UTC),
        "sequence": 1,
        "data": data,
    }
    return Envelope(**(chosen | changes))


@contextmanager
def client(uri: str) -> Iterator[Client]:
    """A client, hung up at the end."""
    found = Client(uri)
    try:
        yield found
    finally:
        found.close()
