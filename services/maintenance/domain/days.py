"""Working days beside the grid: when a slot's order is due, and the instants of its marks (MA-3, MA-6)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from shared.worktime import WorkCalendar

ONE = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """A region's working calendar, asked about days; instants are given in UTC."""

    work: WorkCalendar

    def today(self, now: datetime) -> date:
        """The date on the wall there."""
        return now.astimezone(self.work.zone).date()

    def midnight(self, day: date) -> datetime:
        """When the date begins there."""
        return datetime.combine(day, time(), self.work.zone).astimezone(UTC)

    def workday_from(self, day: date) -> date:
        """The day itself or the next working day."""
        while not self.work.is_workday(day):
            day += ONE
        return day

    def workday_until(self, day: date) -> date:
        """The day itself or the working day before it."""
        while not self.work.is_workday(day):
            day -= ONE
        return day

    def workdays_after(self, day: date, count: int) -> date:
        """The n-th working day after the day."""
        for _ in range(count):
            day = self.workday_from(day + ONE)
        return day

    def opening(self, day: date) -> datetime:
        """When a working day opens."""
        return self.work.add(self.midnight(day), 0).astimezone(UTC)

    def close(self, day: date) -> datetime:
        """Close of business of a working day."""
        return self.work.close_of_day(day).astimezone(UTC)
