"""The broker: the exchanges and queues that every process relies on (contracts 5, 6)."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.base.link import CONNECTION_ERRORS, Link, without_password
from shared.events import exchange_of
from shared.kernel.errors import Unavailable

SERVICES = ("intake", "sla", "escalation", "notify", "maintenance")
RPC_EXCHANGE = "nameko-rpc"
ALERTS_EXCHANGE = "alerts"
DEAD_EXCHANGE = "aftercare.dead"
DEAD_QUEUE = "aftercare.dead-letters"

QUORUM = {"x-queue-type": "quorum"}


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


def check_reachable(uri: str) -> None:
    """Raise Unavailable with one clear sentence when no broker answers at this URL."""
    try:
        Link(uri, "aftercare check").close()
    except CONNECTION_ERRORS as error:
        raise Unavailable(f"no broker answers at {without_password(uri)}: {error}") from None


__all__ = [
    "ALERTS_EXCHANGE",
    "CONNECTION_ERRORS",
    "DEAD_EXCHANGE",
    "DEAD_QUEUE",
    "QUORUM",
    "RPC_EXCHANGE",
    "SERVICES",
    "Link",
    "check_reachable",
    "declare_exchanges",
    "declare_queue",
    "without_password",
]
