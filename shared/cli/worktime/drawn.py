"""What to draw of a limit that was counted here, without a suite."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from shared.cli.strip import DAY, Drawing, Span
from shared.cli.worktime.limits import Counted
from shared.worktime import WorkCalendar

SHOWN_DAYS = 62 * 7
HALF_A_YEAR = timedelta(weeks=26)


def drawing_of(calendar: WorkCalendar, counted: Counted) -> Drawing:
    """The counted spans beside the open hours and the days off of the calendar."""
    days = list(_days(counted))
    off = {day: _why_off(day) for day in days if not calendar.is_workday(day)}
    opens = datetime.combine(days[0], time(), calendar.zone)
    closes = datetime.combine(days[-1] + DAY, time(), calendar.zone)
    return Drawing(
        zone=calendar.zone,
        begin=counted.start.astimezone(UTC),
        end=counted.due.astimezone(UTC),
        counted=[_utc(span) for span in counted.spans],
        opened=[_utc(span) for span in calendar.spans(opens, closes)],
        off=off,
        made_up=[day for day in days if day not in off and day.weekday() >= 5 and not _usual(calendar, day)],
    )


def _utc(span: Span) -> Span:
    return span[0].astimezone(UTC), span[1].astimezone(UTC)


def _days(counted: Counted) -> Iterator[date]:
    day = counted.start.date()
    for _ in range(SHOWN_DAYS):
        yield day
        day += DAY
        if day > counted.due.date():
            return


def _why_off(day: date) -> str:
    return "day off" if day.weekday() >= 5 else "holiday"


def _usual(calendar: WorkCalendar, day: date) -> bool:
    """Whether this weekday is worked in other weeks too."""
    return all(calendar.is_workday(day + shift) for shift in (-HALF_A_YEAR, HALF_A_YEAR))
