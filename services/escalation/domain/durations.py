"""Spans of time as a policy writes them: elapsed, or counted on the working calendar."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from shared.worktime import WorkCalendar

HOURS: Final = {"minute": 1 / 60, "hour": 1.0, "day": 24.0}
LONGEST_HOURS: Final = 366 * 24.0
WRITTEN: Final = "a span above nothing and up to a year, like `30 minutes`, `4 working hours` or `2 working days`"
_SPAN = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) (working )?(minute|hour|day)s?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """So many minutes, hours or days; `working`: of working time, days to the close of the last one."""

    amount: float
    unit: str
    working: bool = False

    def after(self, instant: datetime, calendar: WorkCalendar) -> datetime:
        """The instant at which the span is over that begins at `instant`."""
        if not self.working:
            return instant + self.elapsed
        if self.unit == "day":
            return calendar.add_days(instant, int(self.amount)).astimezone(UTC)
        return calendar.add(instant, self.elapsed.total_seconds()).astimezone(UTC)

    @property
    def elapsed(self) -> timedelta:
        """Its length where every hour counts."""
        return timedelta(hours=self.amount * HOURS[self.unit])


def parse_span(text: object) -> Span | None:
    """The span that a text writes; None when it writes none, or one of no length."""
    found = _SPAN.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    span = Span(float(found[1]), found[3], bool(found[2]))
    if not 0 < span.amount * HOURS[span.unit] <= LONGEST_HOURS:
        return None
    return None if span.working and span.unit == "day" and span.amount % 1 else span
