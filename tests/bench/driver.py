"""A load driver outside the suite: pika, a fixed number of requests in flight, or a stream of events."""

import json
import time
from typing import Any
from uuid import uuid4

import pika

RPC_EXCHANGE = "nameko-rpc"
LONGEST_ERROR = 20_000
"""Bytes: a longer answer is none; to read it would make the driver the slowest of all."""


class Driver:
    """One AMQP connection with a reply queue."""

    def __init__(self, amqp_uri: str) -> None:
        self._connection = pika.BlockingConnection(pika.URLParameters(amqp_uri))
        self._channel = self._connection.channel()
        self._channel.exchange_declare(RPC_EXCHANGE, "topic", durable=True)
        self._reply_to = str(uuid4())
        self._queue = self._channel.queue_declare("", exclusive=True).method.queue
        self._channel.queue_bind(self._queue, RPC_EXCHANGE, self._reply_to)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def rate(self, method: str, requests: list[dict[str, Any]], in_flight: int) -> float:
        """Requests answered per second with `in_flight` open at a time; an error answer ends the measurement."""
        answered, sent, begun = 0, 0, time.perf_counter()
        for sent in range(min(in_flight, len(requests))):
            self._send(method, requests[sent])
        for _, _, body in self._channel.consume(self._queue, auto_ack=True, inactivity_timeout=30):
            if body is None:
                raise SystemExit(f"{method}: no answer within 30 s after {answered}")
            if len(body) < LONGEST_ERROR and (answer := json.loads(body))["error"]:
                raise SystemExit(f"{method}: {answer['error']}")
            answered += 1
            if answered == len(requests):
                break
            sent += 1
            if sent < len(requests):
                self._send(method, requests[sent])
        self._channel.cancel()
        return answered / (time.perf_counter() - begun)

    def _send(self, method: str, request: dict[str, Any]) -> None:
        body = json.dumps({"args": [request], "kwargs": {}})
        self._channel.basic_publish(
            RPC_EXCHANGE,
            method,
            body,
            pika.BasicProperties(
                content_type="application/json",
                content_encoding="utf-8",
                reply_to=self._reply_to,
                correlation_id=str(uuid4()),
            ),
        )

    def listen(self, queue: str, *exchanges: str) -> None:
        """A quorum queue that hears everything said on these exchanges, as a consumer's would."""
        self._channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
        for exchange in exchanges:
            self._channel.exchange_declare(exchange, "topic", durable=True)
            self._channel.queue_bind(queue, exchange, "#")

    def publish(self, exchange: str, key: str, bodies: list[bytes], content_type: str) -> None:
        """Stream events to an exchange."""
        properties = pika.BasicProperties(content_type=content_type, content_encoding="utf-8", delivery_mode=2)
        for body in bodies:
            self._channel.basic_publish(exchange, key, body, properties)
