"""Where a process can be struck: one method of the real code is wrapped so that its n-th call ends in SIGKILL.

Nothing in the product knows of this; the probe's launcher arms one point before it runs the real runner.
"""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Point:
    """A method, before or after which the process dies; `counts` says which calls count."""

    owner: Callable[[], Any]
    method: str
    after: bool = False
    counts: Callable[..., bool] = lambda *_args, **_kwargs: True


def _module(path: str, name: str = "") -> Callable[[], Any]:
    def find() -> Any:
        from importlib import import_module

        module = import_module(path)
        return getattr(module, name) if name else module

    return find


POINTS = {
    "request before its commit": Point(
        _module("shared.base.database", "UnitOfWork"), "flush", after=True, counts=lambda uow: uow.signals
    ),
    "request in the middle of its group": Point(_module("shared.base.together"), "_attempt", after=True),
    "requests after their shared commit, before anybody is told": Point(
        _module("shared.base.together"), "_tell", counts=lambda group: len(group) > 1
    ),
    "request after its commit, before its answer": Point(_module("shared.runtime.rpc", "Exchange"), "_conclude"),
    "request after its answer and its ack": Point(
        _module("shared.runtime.rpc", "Exchange"),
        "_end",
        after=True,
        counts=lambda _self, _body, outcome: outcome == "ok",
    ),
    "event after its commit, before it is published": Point(_module("shared.outbox.relay", "Publisher"), "publish"),
    "events in the middle of their window": Point(
        _module("shared.outbox.relay", "Publisher"), "_send", counts=lambda publisher, _rows: publisher._window.rows
    ),
    "events after they are published, before they are marked": Point(
        _module("shared.outbox.relay", "Relay"), "_mark", counts=lambda _self, _connection, ids: bool(ids)
    ),
    "message before its commit": Point(_module("shared.outbox.inbox"), "_handle", after=True),
    "message after its commit, before its ack": Point(
        _module("shared.runtime.events", "EventConsumer"), "_persist", after=True
    ),
    "held message before its commit": Point(_module("shared.outbox.held", "Held"), "_retry", after=True),
}

OF_SERVICES = {
    "intake: after a letter's commit, before it is put away": Point(
        _module("services.intake.gateways.mail.mailbox", "Mailbox"), "put_away"
    ),
    "intake: after a message was read, before its letter's commit": Point(
        _module("services.intake.handlers.mail.room"), "take_letter", after=True
    ),
    "sla: timers before their commit": Point(_module("services.sla.storage.fired"), "note", after=True),
    "sla: a publication is made, before its commit": Point(
        _module("services.sla.handlers.publishing"), "add", after=True
    ),
    "sla: a publication's cases are collected, before their commit": Point(
        _module("services.sla.storage.republishing"), "collect", after=True
    ),
    "sla: a publication's cases before their commit": Point(
        _module("services.sla.storage.republishing"), "settle", after=True
    ),
    "sla: a publication's cases after a commit": Point(_module("services.sla.storage.republishing"), "claim"),
    "sla: a publication is done, before its commit": Point(
        _module("services.sla.storage.republishing"), "finish", after=True
    ),
    "intake: what was looked at after registration, before its commit": Point(
        _module("services.intake.storage.fresh"), "settle", after=True
    ),
    "escalation: a step before its commit": Point(
        _module("services.escalation.handlers.keeping"), "_write", after=True
    ),
    "notify: before the attempt's commit": Point(_module("services.notify.storage.ready"), "begin", after=True),
    "notify: after the attempt's commit, before the call": Point(
        _module("services.notify.handlers.sending", "Sender"), "call", counts=lambda _self, job: bool(job.outgoing)
    ),
    "notify: after the answer, before its commit": Point(
        _module("services.notify.handlers.sending", "Sender"),
        "call",
        after=True,
        counts=lambda _self, job: bool(job.outgoing),
    ),
    "notify: after the answer's commit": Point(
        _module("shared.runtime.errands", "Errands"),
        "_record",
        after=True,
        counts=lambda errands: any(job.outgoing for job, _ in errands._done),
    ),
}
"""Points in the middle of a service's own work."""


def arm(name: str, at: int) -> None:
    """Have the process die at the `at`-th call of this point."""
    point = (POINTS | OF_SERVICES)[name]
    owner = point.owner()
    real = getattr(owner, point.method)
    left = [at]

    def struck(*args: Any, **kwargs: Any) -> Any:
        counts = point.counts(*args, **kwargs)
        left[0] -= bool(counts)
        is_last = counts and left[0] == 0  # known now: others may be on their way beside this one
        if is_last and not point.after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*args, **kwargs)
        if is_last and point.after:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, point.method, struck)
