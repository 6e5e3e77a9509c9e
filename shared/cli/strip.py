"""A strip of days or weeks with what was counted in each, 80 columns wide."""

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rich.text import Text

Span = tuple[datetime, datetime]
DAY = timedelta(days=1)
CELLS = 48
"""Half an hour each, or seven days of six: the width of the strip."""
WEEK_CELLS = 6
MOST_ROWS = 62
SCALE = "00    03    06    09    12    15    18    21    24"
WEEK_SCALE = "Mon    Tue    Wed    Thu    Fri    Sat    Sun"


@dataclass(frozen=True)
class Marks:
    """What the cells are drawn with."""

    counted: str
    open: str
    waited: str
    closed: str

    @property
    def legend(self) -> str:
        """What they mean."""
        return (
            f"{self.counted} counted  {self.open} open, not counted  {self.waited} waiting  {self.closed} closed  "
            "* make-up day"
        )


BLOCKS = Marks("█", "░", "▒", "·")
PLAIN = Marks("#", "-", "=", ".")


def marks_for(plain: bool) -> Marks:
    """Blocks, or plain ASCII: when it is asked for, and where the output has no blocks."""
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower()
    return PLAIN if plain or not encoding.startswith("utf") else BLOCKS


STYLES = {"counted": "green", "open": "dim", "waited": "yellow", "closed": "dim"}


@dataclass(frozen=True)
class Drawing:
    """What is drawn, from the first instant to the last; `off` says why a day is not worked."""

    zone: ZoneInfo
    begin: datetime
    end: datetime
    counted: Sequence[Span]
    opened: Sequence[Span] = ()
    waited: Sequence[Span] = ()
    off: Mapping[date, str] = field(default_factory=dict)
    made_up: Collection[date] = ()


def strip(drawing: Drawing, marks: Marks = BLOCKS) -> Text:
    """One line a day, or a week when the days are many: what was counted there, and the sum so far."""
    days = list(_days(drawing))
    weekly = len(days) > MOST_ROWS
    rows = list(_weeks(days)) if weekly else [[day] for day in days]
    text = Text(
        f"{'':15}{WEEK_SCALE if weekly else SCALE}".ljust(64) + f"{'week' if weekly else 'day':>6} {'in all':>8}\n"
    )
    text.stylize("dim")
    total = 0.0
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            text.append("... the rest is not drawn\n", "dim")
            break
        today = sum(_seconds(drawing.counted, *_edges(drawing, day)) for day in row)
        total += today
        text.append_text(_label(drawing, row[0], weekly))
        text.append_text(_week_bar(drawing, row, marks) if weekly else _bar(drawing, row[0], CELLS, marks))
        text.append_text(_sums(drawing, row[0], today, total, weekly))
        text.append("\n")
    return text.append(f"{marks.legend}\n", "dim")


def _label(drawing: Drawing, day: date, weekly: bool) -> Text:
    star = "*" if day in drawing.made_up and not weekly else " "
    return Text(f"{day:%a %Y-%m-%d}{star}", "dim" if day in drawing.off and not weekly else "")


def _sums(drawing: Drawing, day: date, today: float, total: float, weekly: bool) -> Text:
    if today:
        return Text(f" {_hours(today):>6} {_hours(total):>8}", "green")
    return Text("" if weekly else f"  {drawing.off.get(day, '')}".rstrip(), "yellow")


def _week_bar(drawing: Drawing, days: Sequence[date], marks: Marks) -> Text:
    first = days[0] - timedelta(days=days[0].weekday())
    shown = [first + timedelta(days=number) for number in range(7)]
    parts = [_bar(drawing, day, WEEK_CELLS, marks) if day in days else Text(" " * WEEK_CELLS) for day in shown]
    return Text(" ").join(parts)


def _bar(drawing: Drawing, day: date, cells: int, marks: Marks) -> Text:
    begin, end = _edges(drawing, day)
    step = (end - begin) / cells
    bar = Text()
    here = [(name, _within(spans, begin, end)) for name, spans in _layers(drawing)]
    for cell in range(cells):
        what = _what(here, begin + step * cell, begin + step * (cell + 1))
        bar.append(getattr(marks, what), STYLES[what])
    return bar


def _layers(drawing: Drawing) -> tuple[tuple[str, Sequence[Span]], ...]:
    """What most matters first: a minute that counts is never hidden by hours that do not."""
    return ("counted", drawing.counted), ("waited", drawing.waited), ("open", drawing.opened)


def _what(layers: Sequence[tuple[str, Sequence[Span]]], begin: datetime, end: datetime) -> str:
    return next((name for name, spans in layers if _within(spans, begin, end)), "closed")


def _within(spans: Sequence[Span], begin: datetime, end: datetime) -> list[Span]:
    return [(max(first, begin), min(last, end)) for first, last in spans if first < end and begin < last]


def _weeks(days: Iterable[date]) -> Iterator[list[date]]:
    week: list[date] = []
    for day in days:
        if week and day.weekday() == 0:
            yield week
            week = []
        week.append(day)
    yield week


def _days(drawing: Drawing) -> Iterator[date]:
    day, last = (each.astimezone(drawing.zone).date() for each in (drawing.begin, drawing.end))
    while day <= last:
        yield day
        day += DAY


def _edges(drawing: Drawing, day: date) -> Span:
    """Midnight to midnight as instants: the clocks may change in between."""
    begin, end = (datetime.combine(each, time(), drawing.zone).astimezone(UTC) for each in (day, day + DAY))
    return begin, end


def _seconds(spans: Sequence[Span], begin: datetime, end: datetime) -> float:
    return sum((last - first).total_seconds() for first, last in _within(spans, begin, end))


def _hours(seconds: float) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours}h{minutes:02}" if minutes else f"{hours}h"
