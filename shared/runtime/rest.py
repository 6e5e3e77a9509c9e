"""Bringing a suite to rest and moving its clock: what `aftercare clock forward` asks of each process (contracts 2).

`POST /relayed` answers once the chores here are done and everything committed is with the broker; its `newest` is the
number of the last event said, so the asker knows whether anything was said since.
`POST /rest` answers once also everything that was queued here when it was asked is handled, and what it led to relayed.
`POST /clock` has the timers look at the time again and answers once every timer due by then is committed.
`GET /clock` tells the time here and the earliest timer.
A process that is not connected answers 503 and `connected` false: before its consumers and timers are there, it would
seem to have nothing to do.
"""

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import amqp

from shared.base.link import CONNECTION_ERRORS, Link
from shared.kernel.instants import format_instant
from shared.runtime.events import BARRIER_HEADER
from shared.runtime.health import Page, as_json
from shared.runtime.loop import within
from shared.runtime.resources import Resources
from shared.runtime.timers import wait_until

LIMIT_SECONDS = 60.0
KEPT_SECONDS = 10.0
"""How long a connection for barriers is good without use: less than a heartbeat, so the broker still has it."""


def rest_pages(resources: Resources) -> dict[str, Page]:
    """The pages that move time; none in production mode."""
    if resources.settings.is_production:
        return {}
    post = _Post(resources.settings.amqp_uri, f"aftercare {resources.service} rest")
    pages: dict[str, Page] = {
        "GET /clock": lambda: _tell(resources),
        "POST /clock": lambda: _move(resources),
        "POST /relayed": lambda: _relayed(resources),
        "POST /rest": lambda: _rest(resources, post),
    }
    return {name: _once_connected(resources, page) for name, page in pages.items()}


def _once_connected(resources: Resources, page: Page) -> Page:
    def answer() -> tuple[int, str, bytes]:
        if resources.checks and all(check() for check in resources.checks.values()):
            return page()
        return as_json(503, {"now": format_instant(resources.clock.now()), "connected": False})

    return answer


def _tell(resources: Resources) -> tuple[int, str, bytes]:
    due = [instant for instant in (each.earliest() for each in resources.timers) if instant is not None]
    return as_json(
        200,
        {
            "now": format_instant(resources.clock.now()),
            "next_timer": format_instant(min(due)) if due else None,
        },
    )


def _move(resources: Resources) -> tuple[int, str, bytes]:
    for timer in resources.timers:
        timer.wake()
    caught_up = wait_until(lambda: all(timer.is_caught_up() for timer in resources.timers), LIMIT_SECONDS)
    return as_json(200 if caught_up else 503, {"now": format_instant(resources.clock.now()), "caught_up": caught_up})


def _relayed(resources: Resources) -> tuple[int, str, bytes]:
    relayed = _chores_done(resources) and wait_until(lambda: resources.relay.pending()[0] == 0, LIMIT_SECONDS)
    return as_json(200 if relayed else 503, {"newest": resources.relay.newest()})


def _chores_done(resources: Resources) -> bool:
    return all(chore.is_caught_up() for chore in resources.chores) or _hurried(resources)


def _hurried(resources: Resources) -> bool:
    for chore in resources.chores:
        chore.wake()
    return wait_until(lambda: all(chore.is_caught_up() for chore in resources.chores), LIMIT_SECONDS)


def _rest(resources: Resources, post: "_Post") -> tuple[int, str, bytes]:
    if resources.consumers:
        try:
            passed = _pass_barriers(resources, post)
        except CONNECTION_ERRORS:
            passed = False
        if not passed:
            return as_json(503, {"newest": resources.relay.newest()})
    return _relayed(resources)


def _pass_barriers(resources: Resources, post: "_Post") -> bool:
    """Queue a barrier behind every message that is there now and wait until the consumers have reached it."""
    names = [(consumer, str(uuid4())) for consumer in resources.consumers]
    passed = [consumer.barrier(name) for consumer, name in names]
    try:
        post.send([(consumer.queue, name) for consumer, name in names])
        return within(LIMIT_SECONDS, lambda: [event.wait() for event in passed])
    finally:
        for consumer, name in names:
            consumer.forget(name)


@dataclass
class _Post:
    """Puts barriers into queues over a connection that is kept: time is moved in many small steps, each with a rest."""

    amqp_uri: str
    name: str
    _kept: "tuple[Link, Any, float] | None" = field(default=None, init=False)

    def send(self, barriers: Sequence[tuple[str, str]]) -> None:
        """One barrier in each queue; raises one of CONNECTION_ERRORS when the broker is away."""
        link, channel = self._take()
        try:
            for queue, name in barriers:
                channel.basic_publish(amqp.Message("", application_headers={BARRIER_HEADER: name}), "", queue)
        except BaseException:
            link.abandon()
            raise
        self._keep(link, channel)

    def _take(self) -> tuple[Link, Any]:
        """The kept connection if it is still good, which nobody else has then; else a new one."""
        kept, self._kept = self._kept, None
        if kept is not None and _is_good(*kept):
            return kept[0], kept[1]
        link = Link(self.amqp_uri, self.name)
        return link, link.channel()

    def _keep(self, link: Link, channel: Any) -> None:
        if self._kept is not None:  # somebody else was quicker
            self._kept[0].close()
        self._kept = (link, channel, time.monotonic())


def _is_good(link: Link, _channel: Any, used_at: float) -> bool:
    """Whether the broker still reads this connection; one that is not good is let go."""
    with contextlib.suppress(*CONNECTION_ERRORS):  # it broke: that is the answer
        if time.monotonic() - used_at < KEPT_SECONDS:
            link.pump(timeout=0)
            return True
    link.abandon()
    return False
