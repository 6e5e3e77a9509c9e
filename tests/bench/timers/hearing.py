"""A consumer outside: it notes when it holds each event."""

import threading
from datetime import datetime
from uuid import uuid4

import pika

from shared.base.clock import wall_now

SILENCE_SECONDS = 60


class Hearer(threading.Thread):
    """Listens on a quorum queue of its own until it has so many events."""

    def __init__(self, amqp_uri: str, exchange: str, wanted: int) -> None:
        super().__init__(name="hearer", daemon=True)
        self.wanted = wanted
        self.heard: list[tuple[datetime, bytes]] = []
        self._queue = f"bench.{uuid4()}"
        self._connection = pika.BlockingConnection(pika.URLParameters(amqp_uri))
        self._channel = self._connection.channel()
        self._channel.exchange_declare(exchange, "topic", durable=True)
        self._channel.queue_declare(self._queue, durable=True, arguments={"x-queue-type": "quorum"})
        self._channel.queue_bind(self._queue, exchange, "#")

    @property
    def is_done(self) -> bool:
        """Whether all are here, or the last one did not come in time."""
        return len(self.heard) == self.wanted

    def run(self) -> None:
        """Listen."""
        for _, _, body in self._channel.consume(self._queue, auto_ack=True, inactivity_timeout=SILENCE_SECONDS):
            if body is None:
                break
            self.heard.append((wall_now(), body))
            if self.is_done:
                break
        self._channel.queue_delete(self._queue)
        self._connection.close()
