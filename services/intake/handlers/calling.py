"""`call_event`: what an exchange tells of a call becomes its record, and what a missed one asks for is done."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from services.intake.domain.calls.events import CallEvent
from services.intake.domain.calls.numbers import is_erased
from services.intake.domain.calls.record import CallRecord, distinct, fold
from services.intake.domain.dating import refuse_ahead
from services.intake.handlers.callbacks import Callbacks
from services.intake.handlers.callers import customer_of
from services.intake.handlers.house import House
from services.intake.handlers.showing import call_as_wire
from services.intake.storage.calls import Call, CallFile
from shared.base.database import UnitOfWork
from shared.kernel.errors import Conflict

Answer = dict[str, Any]

MOST_EVENTS: Final = 100
"""Distinct events of one call; more than a call can have, so an id that is used again is found out."""
_SAME: Final = ("event", "direction", "at", "user", "queue", "cause", "recording")


def call_event(uow: UnitOfWork, house: House, request: Mapping[str, Any]) -> Answer:
    """Take in one event; the call as it then stands. Told again, or late, or before its elders, it is as good."""
    if "at" in request:
        refuse_ahead(request["at"], uow.now, "at")
    event = CallEvent(
        sent_from=request["from"] or "",
        sent_to=request["to"] or "",
        heard_at=uow.now,
        **{name: request[name] for name in _SAME if name in request},
    )
    call = hear_call(uow, house, request["source"], request["call_id"], [event])
    return call_as_wire(call) | customer_of(uow.connection, call.record.number)


def hear_call(uow: UnitOfWork, house: House, source: str, call_id: str, events: Sequence[CallEvent]) -> Call:
    """Add events to a call; what it is now, and what follows, is stored and said in the same transaction."""
    file = CallFile(uow.connection)
    before = file.find_to_change(source, call_id)
    known = before.events if before else ()
    if any(is_erased(event.other) for event in known):
        events = [event.without_other() for event in events]  # what comes later must not bring them back (AL-4)
    together = distinct([*known, *events])
    if before is not None and len(together) == len(known):
        return before
    _refuse_endless(call_id, together)
    old = fold(known) if known else None
    file.lock_numbers(_numbers(old, fold(together)))
    call = file.keep(source, call_id, before, together)
    Callbacks(uow, house, file).follow(call, old)
    return file.again(source, call_id)


def _numbers(*records: CallRecord | None) -> set[str]:
    return {each.number for each in records if each is not None and each.number is not None}


def _refuse_endless(call_id: str, events: Sequence[CallEvent]) -> None:
    if len(events) > MOST_EVENTS:
        why = f"call {call_id} has more than {MOST_EVENTS} different events; is its call_id used for other calls too?"
        raise Conflict(why, {"call_id": call_id, "events": MOST_EVENTS})
