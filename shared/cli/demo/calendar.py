"""The maintenance calendar of the report: months of days, each with what happened to orders. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from shared.cli.demo.journal import Journal
from shared.cli.demo.words import ZONE, Words, read_words, word
from shared.worktime import default_calendar

SHOWN: Final = ("planned", "scheduled", "due_soon", "due", "overdue", "postponed", "completed", "missed", "cancelled")
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Mark:
    """What happened to an order that day."""

    change: str
    title: Words


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a month's sheet."""

    date: date
    is_workday: bool
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """One sheet: weeks of seven days, Monday first; None before the first and after the last."""

    first: date
    weeks: tuple[tuple[Day | None, ...], ...]


def months(journal: Journal) -> list[Month]:
    """A sheet for each month from the first event of an order to the last."""
    marks = _marks(journal)
    if not marks:
        return []
    first, last = min(marks).replace(day=1), max(marks)
    sheets = []
    while first <= last:
        sheets.append(Month(first, tuple(_weeks(first, marks))))
        first = (first + timedelta(days=31)).replace(day=1)
    return sheets


def _marks(journal: Journal) -> dict[date, list[Mark]]:
    found: dict[date, list[Mark]] = {}
    changes = read_words("sayings.yaml")["order_changes"]
    for each in journal.events("order."):
        change = each.type.split(".")[1]
        level = word("order_level", each.data["order"]["level"])
        if change in SHOWN:
            said = changes[change]
            title = Words(f"{level.en}: {said['en']}", f"{level.zh}：{said['zh']}")
            marks = found.setdefault(each.envelope.time.astimezone(ZONE).date(), [])
            if Mark(change, title) not in marks:
                marks.append(Mark(change, title))
    return found


def _weeks(first: date, marks: dict[date, list[Mark]]) -> Iterator[tuple[Day | None, ...]]:
    begin = first - timedelta(days=first.weekday())
    while (begin.year, begin.month) <= (first.year, first.month):
        days = (begin + timedelta(days=offset) for offset in range(_WEEK))
        yield tuple(_day(each, marks) if each.month == first.month else None for each in days)
        begin += timedelta(days=_WEEK)


def _day(day: date, marks: dict[date, list[Mark]]) -> Day:
    return Day(day, default_calendar().is_workday(day), tuple(marks.get(day, ())))
