"""The probe on nameko."""

import time
from functools import partial
from typing import Any

import eventlet
import marshmallow as ma

from shared.base.clock import wall_now
from shared.base.engines import DatabaseAway
from shared.base.fields import Moment
from shared.kernel.errors import Conflict, Unavailable
from shared.runtime.events import Batch, events
from shared.runtime.operations import Operated
from shared.runtime.providers import Built, EventRelay, Housekeeping, Work
from shared.runtime.remote import Remote
from shared.runtime.rpc import rpc
from shared.runtime.timers import timers
from tests.support.probe import NAME, OTHER, QUEUE, handlers

Answer = dict[str, Any]


class Note(ma.Schema):
    """A note, the events that it becomes, and what these tell the consumer to do."""

    key = ma.fields.String(required=True)
    events = ma.fields.Integer(load_default=1)
    type = ma.fields.String(load_default="order.due.v1")
    data = ma.fields.Dict(load_default=dict)


class Fail(ma.Schema):
    """How a method is to fail."""

    how = ma.fields.String(required=True)


class Ask(ma.Schema):
    """Which method of the other service to call, and with what."""

    method = ma.fields.String(load_default="health")
    request = ma.fields.Dict(load_default=dict)


class Remind(ma.Schema):
    """Timers to set."""

    at = ma.fields.List(Moment(), required=True)


def _time_out() -> None:
    with eventlet.Timeout(0.05):
        eventlet.sleep(5)


def _raise(error: Exception) -> None:
    raise error


ANSWERS: dict[str, Any] = {
    "not_json": {"when": wall_now()},
    "surrogate": {"text": "\ud800"},
    "infinity": {"number": float("inf")},
}
MISHAPS: dict[str, Any] = {
    "internal": partial(_raise, ZeroDivisionError("secret inside: 13800138000")),
    "unavailable": partial(_raise, Unavailable("the store room is shut")),
    "database": partial(_raise, DatabaseAway("secret host")),
    "odd_detail": partial(_raise, Conflict("not now", {"since": wall_now()})),
    "surrogate_detail": partial(_raise, Conflict("not \ud800 now", {"\ud800": "\udfff"})),
    "timeout": _time_out,
    "slow": partial(eventlet.sleep, 2.0),
    "stuck": partial(eventlet.sleep, 600.0),
}


class Service(Operated):
    """The probe on nameko."""

    name = NAME

    work = Work()
    resources = Built(lambda resources: resources)
    relay = EventRelay()
    housekeeping = Housekeeping()
    other = Remote(OTHER, seconds=1.0)

    @rpc(Note)
    def note(self, request: Answer) -> Answer:
        """Keep a note and say its events."""
        answer: Answer = self.work.do_together(lambda uow: handlers.note(self.resources.voice, uow, request))
        return answer

    @rpc(Fail)
    def fail(self, request: Answer) -> Answer:
        """Fail as told."""
        if request["how"] in MISHAPS:
            MISHAPS[request["how"]]()
        answer: Answer = ANSWERS.get(request["how"], {})
        return answer

    @rpc(Ask)
    def ask(self, request: Answer) -> Answer:
        """Call the other service; tells how long it took, and what came of it."""
        begun = time.monotonic()
        try:
            result: Answer = {"answer": self.other.call(request["method"], request["request"])}
        except Unavailable as error:
            result = {"unavailable": str(error)}
        return {**result, "seconds": time.monotonic() - begun}

    @rpc(Remind)
    def remind(self, request: Answer) -> Answer:
        """Set timers."""
        answer: Answer = self.work.do(lambda uow: handlers.remind(uow, request["at"]))
        return answer

    @timers(handlers.next_due)
    def fire(self) -> int:
        """Fire what is due."""
        fired: int = self.work.fire(handlers.due())
        return fired

    @events(QUEUE, {NAME: ["order.due.#"]})
    def echo(self, batch: Batch) -> None:
        """Turn the probe's own events into effects."""
        batch.apply(_obeying)


def _obeying(uow: Any, event: Any) -> None:
    if event.data.get("do") == "time out":
        _time_out()
    handlers.echo(uow, event)
