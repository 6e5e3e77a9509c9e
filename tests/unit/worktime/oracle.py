"""Working time as the requirements tell it (SL-1, SL-2), counted minute by minute.

Nothing here is taken from the engine. A minute is working time when the clock on the wall shows a time
within a span; it belongs to the day the span began. Instants and limits are whole minutes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

Spans = Sequence[tuple[str, str]]
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass
class Oracle:
    """The same arguments as `WorkCalendar`."""

    zone: str
    hours: Mapping[str, Spans]
    holidays: Sequence[date] = ()
    workdays: Sequence[date] = ()
    day_hours: Mapping[date, Spans] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.wall_clock = ZoneInfo(self.zone)

    def spans_on(self, day: date) -> Spans:
        if day in self.day_hours:
            return self.day_hours[day]
        if day in self.workdays:
            return self.hours.get("mon", ())
        return () if day in self.holidays else self.hours.get(_NAMES[day.weekday()], ())

    def wall(self, instant: datetime) -> tuple[date, str]:
        shown = instant.astimezone(self.wall_clock)
        return shown.date(), f"{shown.hour:02}:{shown.minute:02}"

    def work_day(self, minute: datetime) -> date | None:
        """The day to which this minute of work belongs; None when it is none."""
        today, time = self.wall(minute)
        for opens, closes in self.spans_on(today):
            if opens <= time and (time < closes or closes < opens):
                return today
        for opens, closes in self.spans_on(today - DAY):
            if closes < opens and time < closes:
                return today - DAY
        return None

    def is_open(self, minute: datetime) -> bool:
        return self.work_day(minute) is not None

    def on_workday(self, minute: datetime) -> bool:
        return bool(self.spans_on(self.wall(minute)[0]))

    def between(self, a: datetime, b: datetime) -> int:
        """Seconds; a comes first."""
        minutes, minute = 0, a.astimezone(UTC)
        while minute < b:
            minutes += self.is_open(minute)
            minute += MINUTE
        return minutes * 60

    def add(self, instant: datetime, seconds: int) -> datetime:
        return self._walk(instant, seconds, self.is_open)

    def add_on_workdays(self, instant: datetime, seconds: int) -> datetime:
        return self._walk(instant, seconds, self.on_workday)

    @staticmethod
    def _walk(instant: datetime, seconds: int, counts) -> datetime:
        minute, left = instant.astimezone(UTC), seconds // 60
        while left:
            left -= counts(minute)
            minute += MINUTE
        while not seconds and not counts(minute):
            minute += MINUTE
        return minute

    def close_of(self, day: date) -> datetime | None:
        """The end of the last minute of work that belongs to the day."""
        minute = datetime(day.year, day.month, day.day, tzinfo=UTC) + 3 * DAY
        for _ in range(4 * 24 * 60):
            minute -= MINUTE
            if self.work_day(minute) == day:
                return minute + MINUTE
        return None

    def end_of_day(self, instant: datetime) -> datetime:
        day = self.wall(instant)[0] - DAY
        while (close := self._close_if_working(day)) is None or close <= instant:
            day += DAY
        return close

    def add_days(self, instant: datetime, n: int) -> datetime:
        if n == 0:
            return self.end_of_day(instant)
        day = self.work_day(instant) or self.wall(instant)[0]
        while n:
            day += DAY
            close = self._close_if_working(day)
            n -= close is not None
        assert close is not None
        return close

    def _close_if_working(self, day: date) -> datetime | None:
        return self.close_of(day) if self.spans_on(day) else None
