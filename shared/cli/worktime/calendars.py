"""The calendar that --zone, --country and --hours describe."""

import re

from shared.cli.options import FieldOption
from shared.cli.times import HOME_ZONE
from shared.kernel.errors import Invalid
from shared.worktime import WorkCalendar, default_calendar

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
OFFICE = "mon-fri 09:00-12:00,13:00-18:00"
NONE = "none"

CALENDAR = (
    FieldOption("zone", "zone", f"An IANA time zone; {HOME_ZONE} unless said."),
    FieldOption("country", "country", "Whose holidays, like CN or US; none for none. China at home, else none."),
    FieldOption("hours", "hours", f"Working hours; unless said '{OFFICE}'. Several parts with semicolons."),
)

_PART = re.compile(r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?\s+(?P<spans>[0-9:,\s-]+)")
_SPAN = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")


def calendar_of(zone: str | None, country: str | None, hours: str | None) -> WorkCalendar:
    """The built-in `cn` when nothing is asked for; raises Invalid."""
    if zone is None and country is None and hours is None:
        return default_calendar()
    week = parse_hours(hours or OFFICE)
    code = country or ("CN" if zone in (None, HOME_ZONE) else NONE)
    if code.lower() == NONE:
        return WorkCalendar(zone or HOME_ZONE, hours=week)
    return WorkCalendar.for_country(code.upper(), zone=zone or HOME_ZONE, hours=week)


def parse_hours(text: str) -> dict[str, list[tuple[str, str]]]:
    """`mon-fri 09:00-12:00,13:00-18:00; sat 10:00-16:00` as spans by weekday."""
    week: dict[str, list[tuple[str, str]]] = {}
    for part in text.lower().split(";"):
        found = _PART.fullmatch(part.strip())
        days = _days(found["first"], found["last"] or found["first"]) if found else []
        spans = [_SPAN.fullmatch(span.strip()) for span in found["spans"].split(",")] if found else []
        if not days or not all(spans):
            raise Invalid.field("--hours", f"{part.strip()!r}: write days and spans, like '{OFFICE}'")
        for day in days:
            week[day] = [(span[1], span[2]) for span in spans if span]
    return week


def _days(first: str, last: str) -> list[str]:
    if first not in DAYS or last not in DAYS:
        return []
    begin, end = DAYS.index(first), DAYS.index(last)
    return list(DAYS[begin : end + 1]) if begin <= end else [*DAYS[begin:], *DAYS[: end + 1]]
