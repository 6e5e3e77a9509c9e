"""`get_call` and `find_calls`."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from services.intake.domain.calls.events import event_to_wire
from services.intake.domain.calls.numbers import key_of
from services.intake.handlers.callers import customer_of
from services.intake.handlers.showing import call_as_wire
from services.intake.storage.calls import CallFile, Wanted
from shared.base.paging import cut, place_after
from shared.kernel.errors import NotFound

Answer = dict[str, Any]


def get_call(connection: sa.Connection, request: Mapping[str, Any]) -> Answer:
    """One call with every event as it was told and heard."""
    call = CallFile(connection).find(request["source"], request["call_id"])
    if call is None:
        named = {"call_id": request["call_id"], "source": request["source"]}
        raise NotFound(f"no call {request['call_id']} of the exchange {request['source'] or '(unnamed)'}", named)
    events = [_told(event_to_wire(event)) for event in call.events]
    return call_as_wire(call) | customer_of(connection, call.record.number) | {"events": events}


def find_calls(connection: sa.Connection, request: Mapping[str, Any]) -> Answer:
    """A page of calls, oldest first unless the newest are asked for; `next` is there while there are more."""
    asked = {name: value for name, value in request.items() if name not in ("after", "number")}
    number = request.get("number")
    wanted = Wanted(
        since=asked.pop("from", None),
        before=asked.pop("to", None),
        number=None if number is None else key_of(number),
        after=place_after(request),
        **asked,
    )
    found = CallFile(connection).page(wanted)
    page, following = cut(found, wanted.limit, lambda call: (call.record.first_at, call.id))
    return {"calls": [call_as_wire(call) for call in page], **following}


def _told(event: Mapping[str, Any]) -> Answer:
    names = {"sent_from": "from", "sent_to": "to"}
    return {names.get(name, name): value for name, value in event.items()}
