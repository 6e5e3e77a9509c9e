"""How much of a limit is used and left, in the measure of the limit (SL-4, SL-8)."""

from dataclasses import dataclass
from datetime import datetime

from services.sla.domain.calendars import Calendar, Measure


@dataclass(frozen=True, slots=True)
class Usage:
    """What it takes to say it of a clock: `until` is the instant at which it stopped counting, None while it counts."""

    measure: Measure
    started_at: datetime
    due_at: datetime
    until: datetime | None
    paused_seconds: float

    def used_seconds(self, calendar: Calendar, now: datetime) -> float:
        """Time counted so far, pauses not included."""
        counted = calendar.length(self.measure, self.started_at, self._end(now)) - self.paused_seconds
        return max(0.0, counted)

    def left_seconds(self, calendar: Calendar, now: datetime) -> float:
        """Time left until the due instant; negative once it is past."""
        return calendar.length(self.measure, self._end(now), self.due_at)

    def _end(self, now: datetime) -> datetime:
        return now if self.until is None else self.until
