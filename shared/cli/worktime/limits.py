"""What a limit on the command line means: 8h, 3d, same-day, 72h on working days. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shared.cli.durations import parse_duration
from shared.kernel.errors import Invalid
from shared.worktime import WorkCalendar

SAME_DAY = "same-day"
_DAYS = re.compile(r"(\d{1,5})d")

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Counted:
    """Where a limit ends, and what was counted on the way."""

    start: datetime
    due: datetime
    rule: str
    spans: list[Span]


def count(calendar: WorkCalendar, start: datetime, limit: str, *, on_workdays: bool) -> Counted:
    """Count a limit from an instant; raises Invalid for what is no limit."""
    start = start.astimezone(calendar.zone)
    days = _DAYS.fullmatch(limit)
    if limit == SAME_DAY:
        due = calendar.end_of_day(start)
        return Counted(start, due, "the close of the same day if any of it is left", calendar.spans(start, due))
    if days and not on_workdays:
        due = calendar.add_days(start, int(days[1]))
        rule = f"{days[1]} working days, not counting the first, to the close of the last"
        return Counted(start, due, rule, calendar.spans(_next_midnight(start), due) if int(days[1]) else [])
    seconds = parse_duration(limit, "limit").total_seconds()
    if on_workdays:
        due = calendar.add_on_workdays(start, seconds)
        return Counted(start, due, f"{limit} on working days, 24 hours of each", workdays_between(calendar, start, due))
    due = calendar.add(start, seconds)
    return Counted(start, due, f"{limit} of working time", calendar.spans(start, due))


def workdays_between(calendar: WorkCalendar, start: datetime, end: datetime) -> list[Span]:
    """The parts of each working day, midnight to midnight, between two instants."""
    spans = []
    day = start.date()
    while day <= end.date():
        begins, ends = _midnight(calendar, day), _midnight(calendar, day + timedelta(days=1))
        if calendar.is_workday(day) and max(start, begins) < min(end, ends):
            spans.append((max(start, begins), min(end, ends)))
        day += timedelta(days=1)
    return spans


def parse_there(calendar: WorkCalendar, text: str, field: str) -> datetime:
    """An instant; without an offset it is what the wall shows in the calendar's zone."""
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid.field(field, f"{text!r} is no instant; write 2026-10-09T22:00 or RFC 3339") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=calendar.zone)


def _midnight(calendar: WorkCalendar, day: date) -> datetime:
    return datetime.combine(day, time(), calendar.zone)


def _next_midnight(start: datetime) -> datetime:
    return datetime.combine(start.date() + timedelta(days=1), time(), start.tzinfo)
