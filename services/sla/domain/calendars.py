"""Working calendars with name and version, chosen by region; and the three ways to measure time (SL-1, SL-2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from shared.kernel.regions import upwards
from shared.worktime import WorkCalendar


class Measure(StrEnum):
    """In what the time of a limit is counted."""

    ELAPSED = "elapsed"
    WORKING = "working"
    WORKDAYS = "workdays"


@dataclass(frozen=True)
class Calendar:
    """A version of a working calendar; it answers in UTC, so that its instants may be compared and subtracted."""

    name: str
    version: str
    work: WorkCalendar

    def shift(self, measure: Measure, instant: datetime, seconds: float) -> datetime:
        """The instant so many seconds later, counted in this measure."""
        if measure is Measure.WORKING:
            return self.work.add(instant, seconds).astimezone(UTC)
        if measure is Measure.WORKDAYS:
            return self.work.add_on_workdays(instant, seconds).astimezone(UTC)
        return instant + timedelta(seconds=seconds)

    def length(self, measure: Measure, begin: datetime, end: datetime) -> float:
        """The seconds from begin to end, counted in this measure; negative when end is earlier."""
        if measure is Measure.WORKING:
            return self.work.between(begin, end)
        if measure is Measure.WORKDAYS:
            return self.work.between_on_workdays(begin, end)
        return (end - begin).total_seconds()

    def close_after_days(self, instant: datetime, days: int) -> datetime:
        """Close of business of the n-th working day after the instant's."""
        return self.work.add_days(instant, days).astimezone(UTC)

    def close_of_same_day(self, instant: datetime) -> datetime:
        """Close of business of the instant's day if any of it is left, else of the next working day."""
        return self.work.end_of_day(instant).astimezone(UTC)

    def close_after_work(self, instant: datetime, seconds: float) -> datetime:
        """Close of the working day in which so many working seconds after the instant end."""
        return self.work.close_of(self.work.add(instant, seconds)).astimezone(UTC)


@dataclass(frozen=True)
class Calendars:
    """Which calendar a region uses: its own, else the next larger region's, else the default (SL-1).

    `versions`: every version there ever was, by name and version; clocks may still be counted by it.
    """

    default: Calendar
    by_region: Mapping[str, Calendar] = field(default_factory=dict)
    versions: Mapping[tuple[str, str], Calendar] = field(default_factory=dict)

    def of(self, region: str) -> Calendar:
        """The calendar of a region."""
        if not self.by_region:
            return self.default
        return next((self.by_region[each] for each in upwards(region) if each in self.by_region), self.default)

    def named(self, name: str, version: str = "") -> Calendar:
        """The calendar with this name, in this version if it is known; the default when it is no longer there."""
        known = self.versions.get((name, version))
        return known or next((each for each in self.by_region.values() if each.name == name), self.default)
