"""The demo's own queue: it hears every event of every service and every alert, as any outside listener could."""

from collections.abc import Callable
from typing import Any

import pika
from pika.exceptions import AMQPError

from shared.base.broker import ALERTS_EXCHANGE, SERVICES
from shared.cli.demo.journal import Heard
from shared.cli.rpc import CONNECT_SECONDS
from shared.events import Envelope, exchange_of
from shared.kernel.errors import Unavailable

EXCHANGES = (*(exchange_of(service) for service in SERVICES), ALERTS_EXCHANGE)
QUIET_SECONDS = 0.005

Hear = Callable[[Heard], None]


class Ear:
    """A connection with a queue of its own; use it as a context manager, and `listen` often."""

    def __init__(self, amqp_uri: str, hear: Hear) -> None:
        self._uri = amqp_uri
        self._hear = hear
        self._taken = 0

    def __enter__(self) -> "Ear":
        parameters = pika.URLParameters(self._uri)
        parameters.socket_timeout = parameters.blocked_connection_timeout = CONNECT_SECONDS
        parameters.client_properties = {"connection_name": "aftercare demo"}
        try:
            self._connection = pika.BlockingConnection(parameters)
            channel = self._connection.channel()
            queue = channel.queue_declare("", exclusive=True, auto_delete=True).method.queue
            for exchange in EXCHANGES:
                channel.queue_bind(queue, exchange, "#")
            channel.basic_consume(queue, self._arrived, auto_ack=True)
        except (AMQPError, OSError):
            raise Unavailable("the demo's broker does not answer; look at the logs in its folder") from None
        return self

    def __exit__(self, *_error: object) -> None:
        if self._connection.is_open:
            self._connection.close()

    def listen(self) -> int:
        """Take what has arrived, until nothing comes for a moment; how much it was."""
        before = self._taken
        try:
            last = -1
            while last != self._taken:
                last = self._taken
                self._connection.process_data_events(time_limit=QUIET_SECONDS)
        except (AMQPError, OSError):
            raise Unavailable("the connection to the demo's broker broke; look at the logs in its folder") from None
        return self._taken - before

    def _arrived(self, _channel: Any, method: Any, _properties: Any, body: bytes) -> None:
        self._taken += 1
        self._hear(Heard(method.exchange, method.routing_key, Envelope.from_bytes(body)))
