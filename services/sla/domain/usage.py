"""How much of a limit is used and left, in the measure of the limit (SL-4, SL-8)."""

from dataclasses import dataclass
from datetime import datetime

from services.sla.domain.calendars import Calendar, Measure


@dataclass(frozen=True, slots=True)
class Usage:
    """What it takes to say it of a clock: `until` is the instant at which it stopped counting, None while it counts.

    Where other rules took over at `counted_from`, `used_before` was used by then; the pauses are those since.
    """

    measure: Measure
    started_at: datetime
    due_at: datetime
    until: datetime | None
    paused_seconds: float
    counted_from: datetime | None = None
    used_before: float = 0.0

    def used_seconds(self, calendar: Calendar, now: datetime) -> float:
        """Time counted so far, pauses not included."""
        begin = self.counted_from or self.started_at
        counted = calendar.length(self.measure, begin, self._end(now)) - self.paused_seconds
        return max(0.0, counted) + self.used_before

    def left_seconds(self, calendar: Calendar, now: datetime) -> float:
        """Time left until the due instant; negative once it is past."""
        return calendar.length(self.measure, self._end(now), self.due_at)

    def _end(self, now: datetime) -> datetime:
        end = now if self.until is None else self.until
        return end if self.counted_from is None else max(end, self.counted_from)
