"""The working calendar: the face of the package."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from shared.kernel.errors import Invalid
from shared.worktime.instants import day_number, in_seconds, limit_micros, local, micros
from shared.worktime.parsing import DayHoursGiven, Days, Draft, Week, draft_of, parse, written
from shared.worktime.timeline import Timeline
from shared.worktime.timetable import Timetable


class WorkCalendar:
    """Working hours in a zone, and every way of counting that a policy may ask for (SL-1, SL-2).

    Immutable; equal calendars count equally. Instants are datetimes with a zone or an offset, results are
    in the calendar's zone. Counting is exact to the microsecond within the years 1900 to 2299; what reaches
    beyond, and every malformed argument, is refused with `Invalid`.
    """

    def __init__(
        self,
        zone: str | ZoneInfo,
        hours: Week | None = None,
        holidays: Days = (),
        workdays: Days = (),
        day_hours: DayHoursGiven | None = None,
        known_until: date | None = None,
    ) -> None:
        """Spans are ("09:00", "12:00"), ("22:00", "06:00") past midnight, ("00:00", "24:00") a whole day.

        `hours` maps mon … sun to spans; a make-up day in `workdays` has Monday's; `day_hours` replaces all
        else on its dates (an empty list is a day off). Of a date that is both, the make-up day wins.
        """
        self._set(*parse(Draft(zone, hours, holidays, workdays, day_hours, known_until)))

    @classmethod
    def for_country(
        cls, code: str, *, zone: str | ZoneInfo, hours: Week, subdivision: str | None = None
    ) -> "WorkCalendar":
        """Public holidays and make-up days of a country, for every year as it is needed.

        `known_until` is the end of the last year with an official notice where the government gives one
        for each year (China: later years are guesses, and provisional); None where the law fixes the days
        ahead (every other country), so nothing there is ever provisional.
        """
        return cls._of(Draft(zone, hours, country=code, subdivision=subdivision))

    @classmethod
    def from_dict(cls, row: object) -> "WorkCalendar":
        """From plain data: the constructor's arguments by name, dates as text, and `country`, `subdivision`.

        A country's row may carry next year's notice before the package does (SL-6): with `known_until` later
        than the package's announced years, `holidays` and `workdays` alone speak for the days between.
        """
        return cls._of(draft_of(row))

    def to_dict(self) -> dict[str, object]:
        """Plain data from which `from_dict` makes an equal calendar."""
        return written(self.zone, self._timetable)

    @classmethod
    def _of(cls, draft: Draft) -> "WorkCalendar":
        calendar = cls.__new__(cls)
        calendar._set(*parse(draft))
        return calendar

    def _set(self, zone: ZoneInfo, timetable: Timetable) -> None:
        self.zone = zone
        self._timetable = timetable
        self._open = Timeline(zone, timetable.hours_on)
        self._workdays = Timeline(zone, timetable.whole_workday)

    @property
    def known_until(self) -> date | None:
        """The last day whose holidays are announced; None: nothing is provisional."""
        return self._timetable.known_until

    def add(self, instant: datetime, seconds: float) -> datetime:
        """Where a limit in working time ends: at closing time if just used up there.

        A limit of zero ends at once in working time, else at the next opening.
        """
        return local(self._open.add(micros(instant), limit_micros(seconds)), self.zone)

    def between(self, a: datetime, b: datetime) -> float:
        """Working seconds from a to b, negative when b is earlier; `between(a, add(a, s)) == s`."""
        return in_seconds(self._open.between(micros(a), micros(b)))

    def spans(self, a: datetime, b: datetime) -> list[tuple[datetime, datetime]]:
        """The open intervals that `between` counts, in order of time whichever way it counts them."""
        first, last = sorted((micros(a), micros(b)))
        merged: list[tuple[int, int]] = []
        for start, end in self._open.spans(first, last):
            if merged and merged[-1][1] == start:
                start = merged.pop()[0]
            merged.append((start, end))
        return [(local(start, self.zone), local(end, self.zone)) for start, end in merged]

    def add_days(self, instant: datetime, n: int) -> datetime:
        """Close of business of the n-th working day after the day of the instant.

        The day is the one on the wall, but an hour of a span past midnight belongs to the day it began.
        No day at all (n = 0) ends as the same day does: `end_of_day`.
        """
        if type(n) is not int or n < 0:
            raise Invalid.field("n", f"{n!r} is no number of days: give a whole number, 0 or more")
        if n == 0:
            return self.end_of_day(instant)
        return local(self._open.close_of_day(self._day_of(instant) + 1, n - 1), self.zone)

    def end_of_day(self, instant: datetime) -> datetime:
        """The first close of business after the instant: what "same day" means."""
        return local(self._open.close_after(micros(instant), or_at=False), self.zone)

    def close_of(self, instant: datetime) -> datetime:
        """Close of the working day in which a limit ended: a closing time is its own close."""
        return local(self._open.close_after(micros(instant), or_at=True), self.zone)

    def close_of_day(self, day: date) -> datetime:
        """Close of business on the date or, if it is a day off, on the next working day (SL-2)."""
        return local(self._open.close_of_day(day_number(day), 0), self.zone)

    def add_on_workdays(self, instant: datetime, seconds: float) -> datetime:
        """Where a limit ends that counts all 24 hours of each working day and none of a day off.

        Days are those on the wall, midnight to midnight. Real time is counted: a working day on which the
        clocks change has 23 or 25 hours, and neither loses nor invents one.
        """
        return local(self._workdays.add(micros(instant), limit_micros(seconds)), self.zone)

    def between_on_workdays(self, a: datetime, b: datetime) -> float:
        """Seconds from a to b in the measure of `add_on_workdays`; negative when b is earlier."""
        return in_seconds(self._workdays.between(micros(a), micros(b)))

    def is_open(self, instant: datetime) -> bool:
        """Whether it is working time: from the opening on, and no longer at the closing."""
        return self._open.is_open(micros(instant))

    def is_workday(self, day: date) -> bool:
        """Whether working hours begin on the date."""
        day_number(day)
        return bool(self._timetable.hours_on(day))

    def provisional(self, instant: datetime) -> bool:
        """Whether the instant lies on a date after `known_until`, so that an announcement may move it."""
        here = local(micros(instant), self.zone).date()
        return self.known_until is not None and here > self.known_until

    def written_out(self, first: date, last: date) -> "WorkCalendar":
        """The same between two dates without asking the country: a newer package changes nothing in it any more."""
        zone, timetable = self.zone, self._timetable
        calendar = WorkCalendar.__new__(WorkCalendar)
        calendar._set(zone, timetable.written_out(first, last))
        return calendar

    def days_unlike(self, other: "WorkCalendar") -> list[date] | None:
        """The dates with other hours than in the other calendar, in order; None: any date may have."""
        if self.zone.key != other.zone.key:
            return None
        return self._timetable.days_unlike(other._timetable)

    def _day_of(self, instant: datetime) -> int:
        return day_number(self._timetable.day_of(local(micros(instant), self.zone)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WorkCalendar):
            return NotImplemented
        return (self.zone.key, self._timetable) == (other.zone.key, other._timetable)

    def __hash__(self) -> int:
        return hash((self.zone.key, self._timetable))

    def __repr__(self) -> str:
        return f"WorkCalendar.from_dict({self.to_dict()!r})"
