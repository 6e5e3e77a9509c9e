"""A team's own queue: bound to the alerts it wants, so that alerts flow there without notify in between (NO-4).

The queue is durable and stays when a subscription ends: what lies in it is the team's.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from shared.base.broker import ALERTS_EXCHANGE, CONNECTION_ERRORS, Link, declare_queue
from shared.kernel.alert_topics import parse_pattern, parse_team, queue_of
from shared.kernel.errors import Unavailable


def bind_team(amqp_uri: str, team: str, *patterns: str) -> str:
    """Declare the team's queue and bind it; its name. The same again changes nothing; raises Unavailable."""
    queue, patterns = queue_of(parse_team(team)), tuple(map(parse_pattern, patterns))
    with _channel(amqp_uri) as channel:
        channel.exchange_declare(ALERTS_EXCHANGE, "topic", durable=True, auto_delete=False)
        declare_queue(channel, queue, {ALERTS_EXCHANGE: list(patterns)})
    return queue


def unbind_team(amqp_uri: str, team: str, *patterns: str) -> str:
    """Take bindings away and leave the queue; its name. Without such bindings nothing happens."""
    queue, patterns = queue_of(parse_team(team)), tuple(map(parse_pattern, patterns))
    with _channel(amqp_uri) as channel:
        for pattern in patterns:
            channel.queue_unbind(queue, ALERTS_EXCHANGE, pattern)
    return queue


@contextlib.contextmanager
def _channel(amqp_uri: str) -> Iterator[Any]:
    """A channel of a connection of its own: subscribing is rare, and no link is held for it."""
    try:
        with Link(amqp_uri, "aftercare team queues") as link:
            yield link.channel()
    except CONNECTION_ERRORS as error:
        raise Unavailable(f"the broker did not change the team's queue: {' '.join(str(error).split())}") from error
