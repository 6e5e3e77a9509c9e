"""Periods of statistics, on the wall of a zone (SL-9)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
MONTHS_OF_A_QUARTER = 3


class Period(StrEnum):
    """How time is cut."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant to just before another; `name` is that of its period."""

    begin: datetime
    end: datetime
    name: str | None = None

    def halves(self) -> tuple["Span", "Span"]:
        """The same time in two."""
        middle = self.begin + (self.end - self.begin) / 2
        return Span(self.begin, middle, self.name), Span(middle, self.end, self.name)


def cut(whole: Span, period: Period, zone: ZoneInfo) -> Iterator[Span]:
    """The periods of a time, the first and the last as much as lies within it."""
    day = _first_day(whole.begin.astimezone(zone).date(), period)
    while (begin := _midnight(day, zone)) < whole.end:
        following = _first_day(day + _longest(period), period)
        end = _midnight(following, zone)
        yield Span(max(begin, whole.begin), min(end, whole.end), _name(day, period))
        day = following


def _first_day(day: date, period: Period) -> date:
    if period is Period.DAY:
        return day
    if period is Period.WEEK:
        return day - day.weekday() * ONE_DAY
    if period is Period.MONTH:
        return day.replace(day=1)
    return day.replace(month=day.month - (day.month - 1) % MONTHS_OF_A_QUARTER, day=1)


def _longest(period: Period) -> timedelta:
    """From the first day of a period this leads into the next one, and not past it."""
    days = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 31, Period.QUARTER: 92}
    return timedelta(days=days[period])


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _name(day: date, period: Period) -> str:
    if period is Period.DAY:
        return day.isoformat()
    if period is Period.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    if period is Period.MONTH:
        return f"{day:%Y-%m}"
    return f"{day.year}-Q{(day.month - 1) // MONTHS_OF_A_QUARTER + 1}"
