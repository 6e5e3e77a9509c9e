"""Marks of a clock: the instants at which it warns, and its breach (SL-5)."""

from dataclasses import dataclass
from datetime import datetime

from services.sla.domain.clock import Clock

BREACH = 1.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A fraction of the limit and the instant at which it is used up; 1 is the breach."""

    fraction: float
    at: datetime


def marks(clock: Clock) -> list[Mark]:
    """The marks of an open clock, earliest first; while it is paused none lies ahead."""
    if clock.paused_since is not None:
        return []
    return [Mark(each, _reached(clock, each)) for each in clock.rule.warn] + [Mark(BREACH, clock.due_at)]


def _reached(clock: Clock, fraction: float) -> datetime:
    total = clock.total_seconds
    if total <= 0:
        return clock.due_at
    begin, left = clock.started_at, fraction * total
    for paused, resumed in clock.pauses:
        counted = clock.calendar.length(clock.measure, begin, paused)
        if counted >= left:
            break
        begin, left = resumed, left - counted
    return min(clock.calendar.shift(clock.measure, begin, left), clock.due_at)
