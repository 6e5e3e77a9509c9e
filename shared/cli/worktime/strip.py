"""A strip of days with what was counted in each: pure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from rich.text import Text

from shared.cli.durations import working_hours
from shared.cli.worktime.limits import Counted, Span
from shared.worktime import WorkCalendar

CELLS = 48
"""Half an hour each."""
MOST_DAYS = 62
SCALE = "00    03    06    09    12    15    18    21    24"
COUNTED, OPEN, CLOSED = "█", "░", "·"


def strip(calendar: WorkCalendar, counted: Counted) -> Text:
    """One line a day: counted, open but not counted, closed; with the sum so far."""
    text = Text(f"{'':15}{SCALE}\n", "dim")
    total = 0.0
    for number, day in enumerate(_days(counted.start, counted.due)):
        if number == MOST_DAYS:
            text.append("… the rest is not drawn\n", "dim")
            break
        spans = list(_within(counted.spans, calendar, day))
        today = sum(_seconds(span) for span in spans)
        total += today
        text.append(f"{day:%a %Y-%m-%d} ", "" if calendar.is_workday(day) else "dim")
        text.append_text(_bar(calendar, day, spans))
        text.append(f"  {working_hours(today)}, {working_hours(total)} in all" if today else "", "green")
        text.append(f"  {_note(calendar, day)}\n" if _note(calendar, day) else "\n", "yellow")
    return text


def _bar(calendar: WorkCalendar, day: date, counted: Sequence[Span]) -> Text:
    bar = Text()
    opened = list(_within(calendar.spans(*_edges(calendar, day)), calendar, day))
    begin, end = _edges(calendar, day)
    step = (end - begin) / CELLS
    for cell in range(CELLS):
        middle = begin + step * cell + step / 2
        if _covers(counted, middle):
            bar.append(COUNTED, "green")
        else:
            bar.append(OPEN if _covers(opened, middle) else CLOSED, "dim")
    return bar


def _note(calendar: WorkCalendar, day: date) -> str:
    is_weekend = day.weekday() >= 5
    if calendar.is_workday(day):
        return "make-up day" if is_weekend and not _usual(calendar, day) else ""
    return "day off" if is_weekend else "holiday"


def _usual(calendar: WorkCalendar, day: date) -> bool:
    """Whether this weekday is worked in other weeks too."""
    return all(calendar.is_workday(day + timedelta(weeks=shift)) for shift in (-26, 26))


def _days(start: datetime, due: datetime) -> Iterator[date]:
    day = start.date()
    while day <= due.date():
        yield day
        day += timedelta(days=1)


def _edges(calendar: WorkCalendar, day: date) -> Span:
    return _midnight(calendar, day), _midnight(calendar, day + timedelta(days=1))


def _midnight(calendar: WorkCalendar, day: date) -> datetime:
    return datetime.combine(day, time(), calendar.zone)


def _within(spans: Sequence[Span], calendar: WorkCalendar, day: date) -> Iterator[Span]:
    first, last = _edges(calendar, day)
    for begin, end in spans:
        if max(begin, first) < min(end, last):
            yield max(begin, first), min(end, last)


def _covers(spans: Sequence[Span], instant: datetime) -> bool:
    return any(begin <= instant < end for begin, end in spans)


def _seconds(span: Span) -> float:
    return span[1].timestamp() - span[0].timestamp()
