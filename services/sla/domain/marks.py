"""Marks of a clock: the instants at which it warns, and its breach (SL-5).

A mark by time left is told as a fraction too (contracts 4, `warned`): the thousandths of the limit, as it stood when
the timer was set, that are used up then. The digits behind them are the minutes left, in billionths: 0.875000120 is two
hours left of sixteen. By these minutes the mark is known again when the deadline has moved and the thousandths with it,
so that it fires once like every other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.sla.domain.clock import Clock

BREACH = 1.0
MINUTE = 60
HAIR = 0.001
"""Seconds by which what was carried along may be off."""
MOST_MINUTES = 999_999
_BILLION = 10**9


@dataclass(frozen=True, slots=True)
class Mark:
    """A fraction of the limit and the instant at which it is used up; 1 is the breach."""

    fraction: float
    at: datetime


def marks(clock: Clock) -> list[Mark]:
    """The marks of an open clock, earliest first; while it is paused none lies ahead."""
    if clock.paused_since is not None:
        return []
    total = clock.total_seconds
    found = [Mark(each, _reached(clock, each * total, total)) for each in clock.rule.warn]
    if clock.rule.warn_left:
        found += _by_time_left(clock, total)
        found.sort(key=lambda mark: (mark.at, mark.fraction))
    return [*found, Mark(BREACH, clock.due_at)]


def unsaid(found: Sequence[Mark], warned: Sequence[float]) -> list[Mark]:
    """The marks, earliest first, behind the last one that was said."""
    said = {_identity(fraction) for fraction in warned}
    last = max((index for index, mark in enumerate(found) if _identity(mark.fraction) in said), default=-1)
    highest = max((fraction for fraction in warned if not minutes_left(fraction)), default=0.0)
    return [mark for mark in found[last + 1 :] if minutes_left(mark.fraction) or mark.fraction > highest]


def minutes_left(fraction: float) -> int:
    """The minutes left at which a mark by time left fires; 0 for a mark by fraction."""
    return round(fraction * _BILLION) % 1_000_000


def _identity(fraction: float) -> float:
    return -minutes_left(fraction) or fraction


def _by_time_left(clock: Clock, total: float) -> Iterable[Mark]:
    """Those that lie within the limit: a clock shorter than that has no such mark."""
    for minutes in clock.rule.warn_left:
        used = total - minutes * MINUTE
        if used > HAIR:
            thousandths = int(used / total * 1000)
            yield Mark((thousandths * 1_000_000 + minutes) / _BILLION, _reached(clock, used, total))


def _reached(clock: Clock, used: float, total: float) -> datetime:
    """When so many seconds of the limit, which has `total`, are used up."""
    if total <= 0:
        return clock.due_at
    begin, left = clock.counted_from, used
    if clock.carried is not None:
        left -= clock.carried.used_seconds
        if left <= 0:
            return begin
    for paused, resumed in clock.counted_pauses:
        counted = clock.calendar.length(clock.measure, begin, paused)
        if counted >= left:
            break
        begin, left = resumed, left - counted
    return min(clock.calendar.shift(clock.measure, begin, left), clock.due_at)
