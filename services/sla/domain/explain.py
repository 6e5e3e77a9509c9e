"""Why a clock is due when it is: every span that counts, every day that does not (SL-8)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from services.sla.domain.calendars import Measure
from services.sla.domain.clock import Clock
from services.sla.domain.limits import Counting

LONGEST_DAYS = 400
"""An explanation shows at most so many days from the start; a longer one says that it is cut."""

Span = tuple[datetime, datetime]
ONE_DAY = timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class DayOff(StrEnum):
    """Why a day is not what its weekday lets expect."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"


@dataclass(frozen=True)
class Explanation:
    """What counts and what does not between start and due instant; `cut` says there is more than is shown.

    `pauses` are those that are over; one that goes on is the clock's `paused_since`.
    """

    clock: Clock
    counted: list[Span]
    days_off: list[tuple[date, DayOff]]
    make_up_days: list[date]
    pauses: list[Span]
    cut: bool


def explain(clock: Clock) -> Explanation:
    """The explanation of a clock."""
    begin, end = clock.started_at, max(clock.started_at, clock.due_at)
    cut = end - begin > timedelta(days=LONGEST_DAYS)
    end = begin + timedelta(days=LONGEST_DAYS) if cut else end
    pauses = clock.pauses
    special = list(_special_days(clock, begin, end)) if clock.limit.asks_calendar else []
    return Explanation(
        clock=clock,
        counted=list(_without(_countable(clock, begin, end), pauses)),
        days_off=[(day, why) for day, why in special if why is not DayOff.MAKE_UP],
        make_up_days=[day for day, why in special if why is DayOff.MAKE_UP],
        pauses=pauses,
        cut=cut,
    )


def _countable(clock: Clock, begin: datetime, end: datetime) -> list[Span]:
    """The spans that the limit counts, pauses not yet taken out."""
    work = clock.calendar.work
    if clock.measure is Measure.ELAPSED:
        return [(begin, end)]
    if clock.measure is Measure.WORKDAYS:
        return list(_merged(_whole_workdays(clock, begin, end)))
    if clock.limit.counting is Counting.WORKING_DAYS:
        # The day it starts does not count (SL-2).
        begin = _midnight(clock, begin.astimezone(work.zone).date() + ONE_DAY)
    spans = work.spans(begin, end) if begin < end else []
    return [(opens.astimezone(UTC), closes.astimezone(UTC)) for opens, closes in spans]


def _whole_workdays(clock: Clock, begin: datetime, end: datetime) -> Iterator[Span]:
    for day in _days(clock, begin, end):
        span = max(begin, _midnight(clock, day)), min(end, _midnight(clock, day + ONE_DAY))
        if span[0] < span[1] and clock.calendar.work.is_workday(day):
            yield span


def _special_days(clock: Clock, begin: datetime, end: datetime) -> Iterator[tuple[date, DayOff]]:
    hours = clock.calendar.work.to_dict()["hours"]
    weekly = {day for day, spans in hours.items() if spans} if isinstance(hours, dict) else set()
    for day in _days(clock, begin, end):
        expected = WEEKDAYS[day.weekday()] in weekly
        if clock.calendar.work.is_workday(day):
            if not expected:
                yield day, DayOff.MAKE_UP
        else:
            yield day, DayOff.HOLIDAY if expected else DayOff.WEEKEND


def _days(clock: Clock, begin: datetime, end: datetime) -> Iterator[date]:
    day, last = (each.astimezone(clock.calendar.work.zone).date() for each in (begin, end))
    while day <= last:
        yield day
        day += ONE_DAY


def _midnight(clock: Clock, day: date) -> datetime:
    return datetime.combine(day, time(), clock.calendar.work.zone).astimezone(UTC)


def _merged(spans: Iterable[Span]) -> Iterator[Span]:
    last: Span | None = None
    for span in spans:
        if last is not None and last[1] == span[0]:
            last = last[0], span[1]
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _without(spans: Iterable[Span], pauses: list[Span]) -> Iterator[Span]:
    """The spans with the pauses cut out; both in order of time."""
    for begin, end in spans:
        for paused, resumed in pauses:
            if resumed <= begin or end <= paused:
                continue
            if begin < paused:
                yield begin, paused
            begin = max(begin, resumed)
        if begin < end:
            yield begin, end
