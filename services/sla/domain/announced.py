"""Days off that are announced: next year's calendar is this year's with one more year known (SL-6)."""

from collections.abc import Collection
from datetime import date

from services.sla.domain.calendars import Calendar
from shared.kernel.errors import Invalid
from shared.worktime import WorkCalendar

FIRST_DAY = date(1990, 1, 1)
YEARS_AHEAD = 10
"""A calendar is written out from FIRST_DAY until so many years after the last that is known."""


def announced(
    before: WorkCalendar, year: int, days_off: Collection[date], make_up_days: Collection[date]
) -> WorkCalendar:
    """The calendar with these days in this year instead of whatever was guessed; raises Invalid with every mistake."""
    _check("holidays", year, days_off)
    _check("workdays", year, make_up_days)
    row = written(before)
    others = {
        name: [day for day in _days(row, name) if not day.startswith(f"{year}-")] for name in ("holidays", "workdays")
    }
    known = max(before.known_until or date.min, date(year, 12, 31))
    return WorkCalendar.from_dict(
        row
        | {
            "holidays": [*others["holidays"], *map(str, sorted(days_off))],
            "workdays": [*others["workdays"], *map(str, sorted(make_up_days))],
            "known_until": str(known),
        }
    )


def written(work: WorkCalendar) -> dict[str, object]:
    """A calendar as it is published: with every day that its country gives, so that no newer package changes it."""
    known = work.known_until or FIRST_DAY.replace(year=2030)
    return work.written_out(FIRST_DAY, date(known.year + YEARS_AHEAD, 12, 31)).to_dict()


def caught_up(calendar: Calendar, source: WorkCalendar) -> WorkCalendar | None:
    """A published calendar with the years that only the source knows yet; None when it knows as many."""
    known = calendar.work.known_until
    if source.known_until is None or known is None or source.known_until <= known:
        return None
    row = written(source)
    work = calendar.work
    for year in range(known.year + 1, source.known_until.year + 1):
        days = {name: [date.fromisoformat(d) for d in _days(row, name) if d.startswith(f"{year}-")] for name in row}
        work = announced(work, year, days.get("holidays", []), days.get("workdays", []))
    return work


def _days(row: dict[str, object], name: str) -> list[str]:
    found = row.get(name)
    return [str(day) for day in found] if isinstance(found, list) else []


def _check(name: str, year: int, days: Collection[date]) -> None:
    strange = sorted(day for day in days if day.year != year)
    if strange:
        raise Invalid.field(name, f"{strange[0]} is not in {year}; give the days of one year")
