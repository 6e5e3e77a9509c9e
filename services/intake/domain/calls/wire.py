"""Calls as the outside sees them (contracts 4): plain data, instants in UTC."""

from typing import Any

from services.intake.domain.calls.numbers import normal
from services.intake.domain.calls.record import CallRecord
from shared.kernel.instants import format_instant

Wire = dict[str, Any]


def record_as_wire(record: CallRecord) -> Wire:
    """What is known of a call; `from` and `to` as E.164 where they are valid numbers, beside them what was sent."""
    wire: Wire = {
        "state": record.state,
        "direction": record.direction,
        "from": normal(record.sent_from),
        "to": normal(record.sent_to),
        "users": list(record.users),
        "queues": list(record.queues),
    }
    sent = {"from_sent": record.sent_from, "to_sent": record.sent_to}
    wire |= {name: text for name, text in sent.items() if text != wire[name.removesuffix("_sent")]}
    instants = {"started_at": record.started_at, "answered_at": record.answered_at, "ended_at": record.ended_at}
    wire |= {name: format_instant(value) for name, value in instants.items() if value is not None}
    told = {"cause": record.cause, "recording": record.recording}
    return wire | {name: value for name, value in told.items() if value is not None}
