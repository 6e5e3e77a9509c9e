"""A team's queue of alerts, read by pika as any program outside the suite would: bound, consumed, connected again."""

import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import (
    AMQPError,
    ChannelClosedByBroker,
    ProbableAccessDeniedError,
    ProbableAuthenticationError,
)

from shared.base.settings import amqp_url
from shared.kernel.alert_topics import queue_of
from shared.kernel.errors import Forbidden, Invalid, Unavailable

EXCHANGE: Final = "alerts"
DELAYS: Final = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds between tries to come back."""
_CONNECT_SECONDS: Final = 5.0
_HEARTBEAT_SECONDS: Final = 15
_LOOK_SECONDS: Final = 0.5
AT_ONCE: Final = 20
"""How many may lie here unread."""

_BROKE: Final = "the connection to the broker broke"
_AWAY = (AMQPError, OSError, Unavailable)


@dataclass(frozen=True)
class Delivery:
    """One message of the queue; what is neither taken nor refused comes again."""

    body: bytes
    _tag: int
    _channel: BlockingChannel

    def take(self) -> None:
        """It was read."""
        with suppress(AMQPError):  # a connection that broke meanwhile brings it again
            self._channel.basic_ack(self._tag)

    def refuse(self) -> None:
        """It can never be read: to the broker's dead letters."""
        with suppress(AMQPError):
            self._channel.basic_reject(self._tag, requeue=False)


class AlertFeed:
    """The queue `alerts.<team>`, bound by the patterns; `uri` is asked anew before each connection."""

    def __init__(self, uri: Callable[[], str], team: str, patterns: Sequence[str], at_once: int) -> None:
        self._uri = uri
        self._queue = queue_of(team)
        self._patterns = patterns
        self._at_once = min(at_once, AT_ONCE)

    def deliveries(self) -> Generator[Delivery]:
        """What comes, for ever; raises where the first connection fails, comes back by itself after the others."""
        failures = 0
        connect = self._connected
        while True:
            try:
                with connect() as channel:
                    failures = 0
                    connect = self._again
                    yield from self._consume(channel)
                raise Unavailable(_BROKE)
            except _AWAY as error:
                if connect == self._connected:
                    raise
                delay = DELAYS[min(failures, len(DELAYS) - 1)]
                failures += 1
                _tell(f"{_line(error)}; trying again in {delay:g} s")
                time.sleep(delay)

    @contextmanager
    def _again(self) -> Iterator[BlockingChannel]:
        with self._connected() as channel:
            _tell("connected again")
            yield channel

    @contextmanager
    def _connected(self) -> Iterator[BlockingChannel]:
        connection = _connect(self._uri())
        try:
            yield self._declared(connection.channel())
        finally:
            with suppress(AMQPError):  # one that broke needs no closing
                connection.close()

    def _declared(self, channel: BlockingChannel) -> BlockingChannel:
        try:
            channel.exchange_declare(EXCHANGE, "topic", durable=True)
            channel.queue_declare(self._queue, durable=True, arguments={"x-queue-type": "quorum"})
            for pattern in self._patterns:
                channel.queue_bind(self._queue, EXCHANGE, pattern)
        except ChannelClosedByBroker as error:
            raise Forbidden(f"the broker does not let this user read {self._queue}: {error.reply_text}") from None
        channel.basic_qos(prefetch_count=self._at_once)
        return channel

    def _consume(self, channel: BlockingChannel) -> Iterator[Delivery]:
        # With a limit on each look: a wait without one would not see Ctrl-C everywhere.
        for method, _properties, body in channel.consume(self._queue, inactivity_timeout=_LOOK_SECONDS):
            if method is not None:
                yield Delivery(body, method.delivery_tag, channel)
            if not channel.is_open:  # found out while acknowledging: pika must not be asked for more
                return


def _connect(uri: str) -> pika.BlockingConnection:
    try:
        parameters = pika.URLParameters(amqp_url(uri))
    except (ValueError, TypeError, KeyError):
        raise Invalid.field("--amqp-uri", "write amqp://user:password@host:5672/vhost") from None
    parameters.socket_timeout = parameters.blocked_connection_timeout = _CONNECT_SECONDS
    parameters.heartbeat = _HEARTBEAT_SECONDS
    parameters.client_properties = {"connection_name": "aftercare subscribe"}
    where = f"{parameters.host}:{parameters.port}"
    try:
        return pika.BlockingConnection(parameters)
    except ProbableAuthenticationError:
        raise Forbidden(f"the broker at {where} does not take this user and password") from None
    except ProbableAccessDeniedError:
        raise Forbidden(f"the broker at {where} has no virtual host {parameters.virtual_host} for this user") from None
    except (AMQPError, OSError):
        raise Unavailable(f"no broker answers at {where}; is it running?") from None


def _line(error: Exception) -> str:
    return str(error) if isinstance(error, Unavailable) else _BROKE


def _tell(text: str) -> None:
    sys.stderr.write(f"aftercare: {text}\n")
    sys.stderr.flush()
