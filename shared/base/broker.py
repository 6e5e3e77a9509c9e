"""The broker: a connection with limits, and the exchanges that every process relies on (contracts 5, 6)."""

import contextlib
import socket
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import kombu
from amqp.exceptions import AMQPError

from shared.events import exchange_of
from shared.kernel.errors import Unavailable

SERVICES = ("intake", "sla", "escalation", "notify", "maintenance")
RPC_EXCHANGE = "nameko-rpc"
ALERTS_EXCHANGE = "alerts"
DEAD_EXCHANGE = "aftercare.dead"
DEAD_QUEUE = "aftercare.dead-letters"

CONNECT_SECONDS = 5
HEARTBEAT_SECONDS = 15
QUORUM = {"x-queue-type": "quorum"}

CONNECTION_ERRORS: tuple[type[Exception], ...] = (AMQPError, OSError)
"""What a connection that broke, or a broker that refuses, raises."""


class Link:
    """One AMQP connection, read by one thread; others may write while holding `writing`.

    Raises one of CONNECTION_ERRORS when the broker is away: throw the link away and make another.
    """

    def __init__(self, uri: str, name: str, writing: contextlib.AbstractContextManager[Any] | None = None) -> None:
        self._connection = kombu.Connection(
            uri,
            connect_timeout=CONNECT_SECONDS,
            heartbeat=HEARTBEAT_SECONDS,
            transport_options={
                "client_properties": {"connection_name": name},
                "confirm_publish": False,
                "read_timeout": None,
                "socket_settings": {socket.TCP_USER_TIMEOUT: 30_000},
            },
        )
        self.writing = writing or contextlib.nullcontext()
        self._connection.connect()

    def channel(self) -> Any:
        """A new channel (py-amqp's)."""
        return self._connection.channel()

    def pump(self, timeout: float) -> bool:
        """Take what has arrived, waiting up to `timeout` seconds; False when nothing came. Keeps heartbeats."""
        with self.writing:
            self._connection.heartbeat_check()
        try:
            self._connection.drain_events(timeout=timeout)
        except TimeoutError:
            return False
        return True

    def close(self) -> None:
        """Say goodbye and let go."""
        with contextlib.suppress(*CONNECTION_ERRORS):
            self._connection.release()

    def abandon(self) -> None:
        """Let go at once of a connection that broke."""
        with contextlib.suppress(*CONNECTION_ERRORS):
            self._connection.connection.collect()

    def __enter__(self) -> "Link":
        return self

    def __exit__(self, error_type: type[BaseException] | None, *_error: object) -> None:
        if error_type is None:
            self.close()
        else:
            self.abandon()


def declare_exchanges(channel: Any) -> None:
    """Make sure that every exchange of the suite exists, and the queue for dead letters."""
    for service in SERVICES:
        channel.exchange_declare(exchange_of(service), "topic", durable=True, auto_delete=False)
    for exchange in (RPC_EXCHANGE, ALERTS_EXCHANGE):
        channel.exchange_declare(exchange, "topic", durable=True, auto_delete=False)
    channel.exchange_declare(DEAD_EXCHANGE, "fanout", durable=True, auto_delete=False)
    channel.queue_declare(DEAD_QUEUE, durable=True, auto_delete=False, arguments=QUORUM)
    channel.queue_bind(DEAD_QUEUE, DEAD_EXCHANGE)


def declare_queue(channel: Any, queue: str, bindings: Mapping[str, Sequence[str]]) -> None:
    """A durable quorum queue bound to exchanges by patterns; its limits come by the broker's policy."""
    channel.queue_declare(queue, durable=True, auto_delete=False, arguments=QUORUM)
    for exchange, patterns in bindings.items():
        for pattern in patterns:
            channel.queue_bind(queue, exchange, pattern)


def without_password(uri: str) -> str:
    """The URL as it may be shown."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.hostname or ''}:{parts.port or 5672}{parts.path}"


def check_reachable(uri: str) -> None:
    """Raise Unavailable with one clear sentence when no broker answers at this URL."""
    try:
        Link(uri, "aftercare check").close()
    except CONNECTION_ERRORS as error:
        raise Unavailable(f"no broker answers at {without_password(uri)}: {error}") from None
