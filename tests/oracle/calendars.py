"""Calendars told to both sides: three zones; and as they are after days were announced, hours or regions changed."""

from datetime import date, timedelta
from functools import cache
from typing import Any

from services.sla.domain.calendars import Calendar, Calendars
from shared.worktime import WorkCalendar
from tests.oracle import days
from tests.oracle.minutes import Minutes

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFFICE = [(540, 720), (780, 1080)]
LONG = [(480, 1200)]
WEST = [OFFICE, OFFICE, OFFICE, LONG, [(540, 960)], [], []]
SOUTH = [LONG, OFFICE, OFFICE, OFFICE, OFFICE, [(600, 840)], []]
SPECIAL = {date(2025, 12, 24): [(540, 720)], date(2026, 4, 5): [(600, 780)], date(2026, 10, 4): LONG}
CLOSED = {date(2024, 12, 25), date(2025, 12, 25), date(2026, 1, 26), date(2026, 4, 3), date(2026, 4, 6)}
WEST_NEW = [[(600, 780)], LONG, OFFICE, OFFICE, LONG, [(540, 720)], []]
Told = tuple[Calendars, dict[str, Minutes]]
MONDAY = [OFFICE] * 5 + [[]] * 2
CN, WESTERN, SOUTHERN = "Asia/Shanghai", "America/New_York", "Australia/Sydney"


@cache
def calendars(variant: int = 0) -> Told:
    """As they were at first; with other days off; with other hours, and regions that others serve."""
    return (_first, _announced, _elsewhere)[variant % VARIANTS]()


VARIANTS = 3


def _first() -> Told:
    off, made_up = days.china()
    theirs = {
        "": Minutes(CN, MONDAY, off, made_up, known_until=days.announced_until()),
        "west": Minutes(WESTERN, WEST, days.united_states(), set()),
        "south": Minutes(SOUTHERN, SOUTH, CLOSED, set(), SPECIAL),
    }
    cn = WorkCalendar.for_country("CN", zone=CN, hours=_week(MONDAY))
    west = WorkCalendar.for_country("US", zone=WESTERN, hours=_week(WEST))
    south = WorkCalendar(
        SOUTHERN,
        hours=_week(SOUTH),
        holidays=sorted(CLOSED),
        day_hours={day: _spans(hours) for day, hours in SPECIAL.items()},
    )
    ours = Calendars(
        Calendar("cn", "cn-1", cn), {"west": Calendar("west", "w-1", west), "south": Calendar("south", "s-1", south)}
    )
    return ours, theirs


def _announced() -> Told:
    """Every nineteenth day is off, every twenty-third is worked, and that is known for longer."""
    ours, theirs = calendars()
    first = date(2023, 6, 1)
    everyday = [first + timedelta(days=number) for number in range(5 * 366)]
    off = {day for day in everyday if day.toordinal() % 19 == 0}
    made_up = {day for day in everyday if day.toordinal() % 23 == 0} - off
    until = date(days.announced_until().year + 1, 12, 31)
    cn = WorkCalendar(CN, hours=_week(MONDAY), holidays=sorted(off), workdays=sorted(made_up), known_until=until)
    return (
        Calendars(Calendar("cn", "cn-2", cn), ours.by_region),
        theirs | {"": Minutes(CN, MONDAY, off, made_up, known_until=until)},
    )


def _elsewhere() -> Told:
    ours, theirs = calendars()
    west = WorkCalendar(WESTERN, hours=_week(WEST_NEW))
    regions = {"west": Calendar("west", "w-2", west), "south.sydney": ours.by_region["south"]}
    there = {"": theirs[""], "west": Minutes(WESTERN, WEST_NEW, set(), set()), "south.sydney": theirs["south"]}
    return Calendars(ours.default, regions), there


def _week(hours: Any) -> dict[str, list[tuple[str, str]]]:
    return {name: _spans(spans) for name, spans in zip(WEEKDAYS, hours, strict=True)}


def _spans(hours: Any) -> list[tuple[str, str]]:
    return [tuple(f"{edge // 60:02}:{edge % 60:02}" for edge in span) for span in hours]  # type: ignore[misc]
