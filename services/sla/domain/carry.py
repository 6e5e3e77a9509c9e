"""What a clock takes along into other rules: what is used counts by the old ones, what is left by the new (SL-6)."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from services.sla.domain.calendars import Calendar
from services.sla.domain.limits import IN_DAYS, Limit


@dataclass(frozen=True, slots=True)
class Carried:
    """A clock that carries this is counted from `at` on, where `left` of its limit is left.

    `left` is in days for limits in days, else in seconds. `used_seconds` are those used by then, in the measure of the
    limit; `paused_seconds` those of earlier pauses, which put off a limit in days only.
    """

    at: datetime
    left: float
    used_seconds: float
    paused_seconds: float

    def due(self, limit: Limit, calendar: Calendar, paused: float) -> datetime:
        """When the limit ends, after `paused` seconds since then have not counted."""
        if limit.counting not in IN_DAYS:
            return calendar.shift(limit.measure, self.at, self.left + paused)
        plain = calendar.close_after_days(self.at, int(self.left))
        paused += self.paused_seconds
        return calendar.close_after_work(plain, paused) if paused > 0 else plain


@dataclass(frozen=True, slots=True)
class Counted:
    """How a clock was counted up to an instant: from `since`, where `left` of the limit was left."""

    limit: Limit
    calendar: Calendar
    since: datetime
    left: float
    used_seconds: float
    total_seconds: float
    paused_seconds: float


def carry(counted: Counted, limit: Limit, at: datetime) -> Carried:
    """Go on by another limit: of the same kind, what was used is used; of another kind, the same share of it is."""
    share = min(1.0, counted.used_seconds / counted.total_seconds) if counted.total_seconds > 0 else 1.0
    if limit.counting in IN_DAYS:
        left = _days_left(counted, limit, at, share)
        # Of another kind, what is left knows of the pauses already: they are no part of what is used.
        paused = counted.paused_seconds if counted.limit.counting in IN_DAYS else 0.0
        return Carried(at, left, counted.used_seconds, paused)
    if limit.measure is counted.limit.measure and counted.limit.seconds is not None:
        used = counted.used_seconds
    else:
        used = share * (limit.seconds or 0.0)
    return Carried(at, max(0.0, (limit.seconds or 0.0) - used), used, 0.0)


def _days_left(counted: Counted, limit: Limit, at: datetime, share: float) -> int:
    if counted.limit.counting not in IN_DAYS:
        return ceil((1 - share) * limit.amount)
    left = counted.left + limit.amount - counted.limit.amount
    return max(0, int(left) - _days_between(counted.calendar, counted.since, at, int(left)))


def _days_between(calendar: Calendar, begin: datetime, end: datetime, most: int) -> int:
    """The working days after the day of `begin` up to the day of `end`, at most so many."""
    following = calendar.close_after_days(end, 1)
    days = 0
    while days < most and calendar.close_after_days(begin, days + 1) < following:
        days += 1
    return days
