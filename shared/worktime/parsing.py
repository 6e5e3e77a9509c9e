"""Calendars as plain data (a file's row, a stored version): read with every problem named, written back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from zoneinfo import ZoneInfo

from shared.kernel.errors import Invalid
from shared.worktime.country import Country
from shared.worktime.hours import DayHours, read_day, write_span
from shared.worktime.instants import FIRST_YEAR, LAST_YEAR
from shared.worktime.problems import Problems
from shared.worktime.timetable import WEEKDAYS, Timetable

Spans = Sequence[Sequence[str]]
Week = Mapping[str, Spans]
Days = Iterable[date]
DayHoursGiven = Mapping[date, Spans]


@dataclass(frozen=True)
class Draft:
    """A calendar as somebody wrote it: nothing in it is trusted yet. Dates may be dates or ISO 8601 text."""

    zone: object = None
    hours: object = None
    holidays: object = ()
    workdays: object = ()
    day_hours: object = None
    known_until: object = None
    country: object = None
    subdivision: object = None


def draft_of(row: object) -> Draft:
    """The row's fields as a draft; unknown names are refused."""
    known = [field.name for field in fields(Draft)]
    if not isinstance(row, Mapping):
        raise Invalid.field("calendar", f"must be an object with the fields {', '.join(known)}")
    problems = Problems()
    for name in row:
        if name not in known:
            problems.add(str(name), f"is not a field of a calendar: use {', '.join(known)}")
    problems.check()
    return Draft(**row)


def parse(draft: Draft) -> tuple[ZoneInfo, Timetable]:
    """The calendar's zone and timetable. Raises `Invalid` with every problem at once, by field path."""
    problems = Problems()
    zone = _read_zone(draft.zone, problems)
    country = _read_country(draft.country, draft.subdivision, problems)
    known_until = None
    if draft.known_until is not None:
        known_until = _read_date(draft.known_until, "known_until", problems)
    timetable = Timetable(
        week=_read_week(draft.hours, problems),
        holidays=frozenset(_read_dates(draft.holidays, "holidays", problems)),
        workdays=frozenset(_read_dates(draft.workdays, "workdays", problems)),
        day_hours=_read_day_hours(draft.day_hours, problems),
        country=country,
        known_until=known_until or (country.announced_until if country else None),
    )
    if not problems:
        timetable.find_problems(problems)
    problems.check()
    return zone, timetable


def written(zone: ZoneInfo, timetable: Timetable) -> dict[str, object]:
    """Plain data (JSON, YAML) that reads back as an equal calendar; what is empty is left out."""
    country = timetable.country
    row: dict[str, object] = {
        "zone": zone.key,
        "hours": {name: _write_day(day) for name, day in zip(WEEKDAYS, timetable.week, strict=True) if day},
        "holidays": [str(day) for day in sorted(timetable.holidays)],
        "workdays": [str(day) for day in sorted(timetable.workdays)],
        "day_hours": {str(day): _write_day(hours) for day, hours in sorted(timetable.day_hours.items())},
        "known_until": str(timetable.known_until) if timetable.known_until else None,
        "country": country.code if country else None,
        "subdivision": country.subdivision if country else None,
    }
    return {name: value for name, value in row.items() if value or name == "hours"}


def _write_day(hours: DayHours) -> list[list[str]]:
    return [list(write_span(span)) for span in hours]


def _read_zone(value: object, problems: Problems) -> ZoneInfo:
    if isinstance(value, ZoneInfo) and value.key:
        return value
    try:
        if isinstance(value, str) and value:
            return ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # not found, malformed, or a folder of zones such as "Asia"
        pass
    problems.add("zone", f"{value!r} is no time zone: give an IANA name such as Asia/Shanghai")
    return ZoneInfo("UTC")


def _read_country(code: object, subdivision: object, problems: Problems) -> Country | None:
    if code is None and subdivision is None:
        return None
    if not isinstance(code, str) or not isinstance(subdivision, str | None):
        problems.add("country", f"{code!r} is no country code: give ISO 3166 text such as CN")
        return None
    try:
        return Country.named(code, subdivision)
    except Invalid as refused:
        problems.add("country", refused.detail["country"][0])
        return None


def _read_week(value: object, problems: Problems) -> tuple[DayHours, ...]:
    if not isinstance(value, Mapping | None):
        problems.add("hours", f"must map {', '.join(WEEKDAYS)} to lists of spans")
        return ((),) * 7
    days = value or {}
    for name in days:
        if name not in WEEKDAYS:
            problems.add(f"hours.{name}", f"is no day of the week: use {', '.join(WEEKDAYS)}")
    return tuple(_read_day(days.get(name), f"hours.{name}", problems) for name in WEEKDAYS)


def _read_day(spans: object, path: str, problems: Problems) -> DayHours:
    return () if spans is None else read_day(spans, path, problems)


def _read_day_hours(value: object, problems: Problems) -> dict[date, DayHours]:
    if not isinstance(value, Mapping | None):
        problems.add("day_hours", "must map dates to lists of spans")
        return {}
    read = {}
    for key, spans in (value or {}).items():
        day = _read_date(key, f"day_hours.{key}", problems)
        if day is not None:
            read[day] = _read_day(spans, f"day_hours.{key}", problems)
    return read


def _read_dates(value: object, path: str, problems: Problems) -> list[date]:
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable | None):
        problems.add(path, "must be a list of dates such as 2026-10-01")
        return []
    read = [_read_date(item, f"{path}.{index}", problems) for index, item in enumerate(value or ())]
    return [day for day in read if day is not None]


def _read_date(value: object, path: str, problems: Problems) -> date | None:
    day = _as_date(value)
    if day is None:
        problems.add(path, f"{value!r} is no date: write 2026-10-01")
    elif not FIRST_YEAR <= day.year <= LAST_YEAR:
        problems.add(path, f"{day} is outside the years {FIRST_YEAR} to {LAST_YEAR} that calendars cover")
    else:
        return day
    return None


def _as_date(value: object) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return day if str(day) == value else None  # 20261001 and week dates are legal ISO, but a trap in a file
