"""Which hours a date has: the week, and every exception to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from shared.worktime.country import Country
from shared.worktime.hours import MIDNIGHT, WHOLE_DAY, DayHours, runs_into
from shared.worktime.problems import Problems

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Timetable:
    """Hours by date; the first that speaks of a date decides.

    In turn: `day_hours`, `workdays` (Monday's hours), `holidays` (none), the country's make-up days
    (Monday's hours) and holidays (none), the week.
    """

    week: tuple[DayHours, ...]
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    day_hours: Mapping[date, DayHours] = field(default_factory=dict, hash=False)
    country: Country | None = None
    known_until: date | None = None

    def hours_on(self, day: date) -> DayHours:
        """The spans that begin on this date, in order; empty on a day off."""
        if day in self.day_hours:
            return self.day_hours[day]
        if day in self.workdays:
            return self.week[0]
        if day in self.holidays:
            return ()
        if self.country is not None and not self._announced_here(day):
            if self.country.is_makeup(day):
                return self.week[0]
            if self.country.is_holiday(day):
                return ()
        return self.week[day.weekday()]

    def day_of(self, wall: datetime) -> date:
        """The day to which what the wall shows belongs: an hour of a span past midnight to the day it began."""
        today = wall.date()
        night = self.hours_on(today - _ONE_DAY)[-1:]
        still = night and wall.hour * 60 + wall.minute < night[0][1] - MIDNIGHT
        return today - _ONE_DAY if still else today

    def whole_workday(self, day: date) -> DayHours:
        """All of the civil day if it has working hours, else nothing of it."""
        return WHOLE_DAY if self.hours_on(day) else ()

    def written_out(self, first: date, last: date) -> "Timetable":
        """The same between two dates, with the country's days as dates of its own."""
        if self.country is None:
            return self
        plain = replace(self, country=None)
        days = [date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)]
        other = [day for day in days if plain.hours_on(day) != self.hours_on(day)]
        return replace(
            plain,
            holidays=self.holidays.union(day for day in other if not self.hours_on(day)),
            workdays=self.workdays.union(day for day in other if self.hours_on(day)),
        )

    def days_unlike(self, other: "Timetable") -> list[date] | None:
        """The dates with other hours, in order; None where week or country differ, for then any date may."""
        if (self.week, self.country) != (other.week, other.country):
            return None
        if self.country is not None and self.known_until != other.known_until:
            return None
        named = self.holidays | self.workdays | self.day_hours.keys()
        named |= other.holidays | other.workdays | other.day_hours.keys()
        return sorted(day for day in named if self.hours_on(day) != other.hours_on(day))

    def _announced_here(self, day: date) -> bool:
        """Whether this timetable's own lists carry the year's notice, so the package's guess is moot (SL-6)."""
        announced = self.country.announced_until if self.country else None
        return announced is not None and self.known_until is not None and announced < day <= self.known_until

    def find_problems(self, problems: Problems) -> None:
        """Note what no single field shows: no working time at all, and nights that run into the next day."""
        if not any(self.week) and not any(self.day_hours.values()):
            problems.add("hours", "no day has working time: give at least one span on one day")
        for index, today in enumerate(self.week):
            following = (index + 1) % 7
            if runs_into(today, self.week[following]):
                problems.add(f"hours.{WEEKDAYS[index]}", _overlap(WEEKDAYS[following]))
        for day in sorted(self.workdays | self.day_hours.keys()):
            name = "day_hours" if day in self.day_hours else "workdays"
            if runs_into(self.hours_on(day), self.hours_on(day + _ONE_DAY)):
                problems.add(f"{name}.{day}", _overlap("the next day"))
            if runs_into(self.hours_on(day - _ONE_DAY), self.hours_on(day)):
                problems.add(f"{name}.{day}", "begins before the span of the day before ends: begin later")


def _overlap(following: str) -> str:
    return f"the span past midnight ends after {following} has begun: end it earlier"
