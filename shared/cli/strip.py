"""A strip of days or weeks with what was counted in each, 80 columns wide."""

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from rich.text import Text

from shared.cli.terms import EN, ZH

Span = tuple[datetime, datetime]
DAY = timedelta(days=1)
CELLS = 48
"""Half an hour each, or seven days of six: the width of the strip."""
WEEK_CELLS = 6
MOST_ROWS = 62
DAYS = {
    EN: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    ZH: ("一", "二", "三", "四", "五", "六", "日"),
}
WORDS = {
    EN: {"week": "week", "day": "day", "sum": "in all", "rest": "... the rest is not drawn"},
    ZH: {"week": "本周", "day": "当日", "sum": "累计", "rest": "……其余未画"},
}
LEGEND = {
    EN: "{0.counted} counted  {0.open} open, not counted  {0.waited} waiting  {0.closed} closed  * make-up day",
    ZH: "{0.counted} 计入  {0.open} 营业，不计入  {0.waited} 等待客户  {0.closed} 休息  * 调休上班日",
}
SCALE = "00    03    06    09    12    15    18    21    24"


@dataclass(frozen=True)
class Marks:
    """What the cells are drawn with."""

    counted: str
    open: str
    waited: str
    closed: str


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
    lang: str = EN


def strip(drawing: Drawing, marks: Marks = BLOCKS) -> Text:
    """One line a day, or a week when the days are many: what was counted there, and the sum so far."""
    days = list(_days(drawing))
    weekly = len(days) > MOST_ROWS
    rows = list(_weeks(days)) if weekly else [[day] for day in days]
    said = WORDS[drawing.lang]
    scale = "".join(padded(name, WEEK_CELLS + 1) for name in DAYS[drawing.lang]) if weekly else SCALE
    titles = padded(said["week" if weekly else "day"], 6, right=True), padded(said["sum"], 8, right=True)
    text = Text(padded(f"{'':15}{scale}", 64) + " ".join(titles) + "\n", "dim")
    total = 0.0
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            text.append(f"{said['rest']}\n", "dim")
            break
        today = sum(_seconds(drawing.counted, *_edges(drawing, day)) for day in row)
        total += today
        text.append_text(_label(drawing, row[0], weekly))
        text.append_text(_week_bar(drawing, row, marks) if weekly else _bar(drawing, row[0], CELLS, marks))
        text.append_text(_sums(drawing, row[0], today, total, weekly))
        text.append("\n")
    return text.append(f"{LEGEND[drawing.lang].format(marks)}\n", "dim")


def _label(drawing: Drawing, day: date, weekly: bool) -> Text:
    star = "*" if day in drawing.made_up and not weekly else " "
    weekday = padded(DAYS[drawing.lang][day.weekday()], 3)
    return Text(f"{weekday} {day:%Y-%m-%d}{star}", "dim" if day in drawing.off and not weekly else "")


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


def padded(text: str, cells: int, *, right: bool = False) -> str:
    """The text so many cells wide: a Chinese character takes two."""
    space = " " * max(0, cells - cell_len(text))
    return space + text if right else text + space


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
