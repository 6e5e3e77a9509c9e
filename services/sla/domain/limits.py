"""Limits and their counting rules (SL-2), each a property of the policy."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Optional

from services.sla.domain.calendars import Calendar, Measure

HOUR = 3600


class Counting(StrEnum):
    """How a limit is counted; the words that a policy file uses."""

    ELAPSED_HOURS = "elapsed_hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    HOURS_ON_WORKING_DAYS = "hours_on_working_days"
    SAME_DAY = "same_day"
    GIVEN = "given"


MEASURES = {
    Counting.ELAPSED_HOURS: Measure.ELAPSED,
    Counting.WORKING_HOURS: Measure.WORKING,
    Counting.WORKING_DAYS: Measure.WORKING,
    Counting.HOURS_ON_WORKING_DAYS: Measure.WORKDAYS,
    Counting.SAME_DAY: Measure.WORKING,
    Counting.GIVEN: Measure.ELAPSED,
}

IN_HOURS = frozenset({Counting.ELAPSED_HOURS, Counting.WORKING_HOURS, Counting.HOURS_ON_WORKING_DAYS})
IN_DAYS = frozenset({Counting.WORKING_DAYS, Counting.SAME_DAY})


@dataclass(frozen=True)
class Limit:
    """A span of time, or an instant that somebody set."""

    counting: Counting
    amount: float = 0
    otherwise: Optional["Limit"] = None

    @property
    def measure(self) -> Measure:
        """In what its time is counted."""
        return MEASURES[self.counting]

    @property
    def seconds(self) -> float | None:
        """Its length where the limit itself says it; limits in days have as much as the calendar gives."""
        return self.amount * HOUR if self.counting in IN_HOURS else None

    @property
    def asks_calendar(self) -> bool:
        """Whether a holiday can move its end."""
        return self.measure is not Measure.ELAPSED

    @property
    def is_given(self) -> bool:
        """Whether somebody sets its end."""
        return self.counting is Counting.GIVEN

    def for_given(self, given: datetime | None) -> Optional["Limit"]:
        """The limit that counts when the starting fact carries this instant or none; None: there is no clock."""
        return self.otherwise if self.is_given and given is None else self

    def due(self, calendar: Calendar, start: datetime, given: datetime | None, paused: float) -> datetime:
        """When it ends, after `paused` seconds of its own measure have not counted (SL-4).

        An instant that somebody set is never moved.
        """
        if self.is_given and given is not None:
            return given
        if self.seconds is not None:
            return calendar.shift(self.measure, start, self.seconds + paused)
        plain = self._plain_close(calendar, start)
        return calendar.close_after_work(plain, paused) if paused > 0 else plain

    def _plain_close(self, calendar: Calendar, start: datetime) -> datetime:
        if self.counting is Counting.WORKING_DAYS:
            return calendar.close_after_days(start, int(self.amount))
        return calendar.close_of_same_day(start)
