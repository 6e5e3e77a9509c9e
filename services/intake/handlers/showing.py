"""Calls as they are answered, and the last ones of a number (IN-10)."""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.calls.wire import record_as_wire
from services.intake.storage.calls import Call, CallFile

Answer = dict[str, Any]

LAST: Final = 10
"""Calls of a caller that are shown."""


def call_as_wire(call: Call) -> Answer:
    """A call with what became of it; `case_no` is the case registered on it, else the one to call back for it."""
    led_to = {
        "source": call.source or None,
        "case_no": call.registered or call.callback_case_no,
        "callback": call.callback,
        "callback_case_no": call.callback_case_no,
    }
    given = {name: value for name, value in led_to.items() if value is not None}
    return {"call_id": call.call_id, **record_as_wire(call.record), **given}


def calls_of(connection: sa.Connection, numbers: Sequence[str]) -> list[Answer]:
    """The last calls of these numbers, newest first."""
    return [call_as_wire(call) for call in CallFile(connection).last_of(numbers, LAST)]
