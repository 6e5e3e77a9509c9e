"""What an exchange's own records say of a call, against what was heard of it: pure.

A record says what became of a call that is over; it becomes the events that should have been told. Only events of a
kind that nobody told are added, so what was heard is not doubled by a clock that is a second off.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.intake.domain.calls.events import ANSWER, HANGUP, IN, NEW_CALL, CallEvent
from services.intake.domain.calls.record import CallRecord, fold

UNHEARD: Final = "unheard"
INCOMPLETE: Final = "incomplete"
CONTRADICTS: Final = "contradicts"
NO_CASE: Final = "no_case"
REASONS: Final = (UNHEARD, INCOMPLETE, CONTRADICTS, NO_CASE)
"""Nothing was heard of the call; something was not; what was heard is otherwise; somebody spoke with a caller and
registered nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One row of an exchange's records; a call that was passed on has several."""

    row: int
    sent_from: str
    sent_to: str
    direction: str
    started_at: datetime
    ended_at: datetime
    answered_at: datetime | None = None
    user: str | None = None
    queue: str | None = None
    cause: str | None = None
    recording: str | None = None


def events_of(legs: Iterable[Leg], heard_at: datetime) -> list[CallEvent]:
    """The events that these rows tell of."""
    return [event for leg in legs for event in _events(leg, heard_at)]


def _events(leg: Leg, heard_at: datetime) -> list[CallEvent]:
    def event(kind: str, at: datetime, **more: str | None) -> CallEvent:
        return CallEvent(
            event=kind,
            sent_from=leg.sent_from,
            sent_to=leg.sent_to,
            direction=leg.direction,
            heard_at=heard_at,
            at=at,
            **more,
        )

    answered = [event(ANSWER, leg.answered_at, user=leg.user)] if leg.answered_at else []
    # Who was rung is not who spoke; of a call that we made it is who made it.
    caller = None if leg.direction == IN else leg.user
    return [
        event(NEW_CALL, leg.started_at, queue=leg.queue, user=caller),
        *answered,
        event(HANGUP, leg.ended_at, cause=leg.cause, recording=leg.recording),
    ]


def missing(known: CallRecord | None, told: Sequence[CallEvent]) -> list[CallEvent]:
    """The told events of each kind of which nothing was heard."""
    if known is None:
        return list(told)
    lacks = {
        NEW_CALL: known.started_at is None,
        ANSWER: known.answered_at is None and fold(told).answered_at is not None,
        HANGUP: known.ended_at is None,
    }
    return [event for event in told if lacks[event.event]]


def reasons(known: CallRecord | None, told: Sequence[CallEvent], *, has_case: bool) -> list[str]:
    """Why a call is reported; nothing when all is as it should be."""
    record = fold(told)
    found = [] if known is not None else [UNHEARD]
    if known is not None and missing(known, told):
        found.append(INCOMPLETE)
    if known is not None and (known.direction != record.direction or (known.answered_at and not record.answered_at)):
        found.append(CONTRADICTS)
    spoke = record.direction == IN and record.answered_at is not None
    return found + ([NO_CASE] if spoke and not has_case else [])
