"""Waits as operators write them in policy files: `30 minutes`, `4 working hours`, `2 working days`, or short `30m`."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from shared.kernel.errors import Invalid
from shared.worktime.workcalendar import WorkCalendar

UNITS: Final = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
}
LONGEST: Final = timedelta(days=366)
_SHORT: Final = {unit[0]: unit for unit in UNITS}
_AMOUNT: Final = r"(\d{1,8}(?:\.\d{1,3})?)"
_IN_WORDS: Final = re.compile(rf"{_AMOUNT} (working )?({'|'.join(UNITS)})s?", re.ASCII)
_IN_SHORT: Final = re.compile(rf"{_AMOUNT}({'|'.join(_SHORT)})", re.ASCII)
_WRITTEN: Final = "must be a span above nothing and up to a year, like"


@dataclass(frozen=True, slots=True)
class Wait:
    """So many seconds, minutes, hours or days; `working`: of working time, days to the close of the last one."""

    amount: float
    unit: str
    working: bool = False

    def after(self, instant: datetime, calendar: WorkCalendar) -> datetime:
        """The instant at which the wait is over that begins at `instant`."""
        if not self.working:
            return instant + self.elapsed
        if self.unit == "day":
            return calendar.add_days(instant, int(self.amount)).astimezone(UTC)
        return calendar.add(instant, self.elapsed.total_seconds()).astimezone(UTC)

    @property
    def elapsed(self) -> timedelta:
        """Its length where every hour counts."""
        return self.amount * UNITS[self.unit]


def parse_wait(text: object) -> Wait:
    """The wait; raises Invalid with the remedy."""
    wait = _read(text)
    if wait is None:
        raise Invalid(f"{_WRITTEN} `30 minutes`, `4 working hours`, `2 working days` or `30m`")
    return wait


def parse_elapsed(text: object) -> Wait:
    """The wait, where working time cannot be counted; raises Invalid with the remedy."""
    wait = _read(text)
    if wait is None:
        raise Invalid(f"{_WRITTEN} `30 minutes`, `7 days` or `24h`")
    if wait.working:
        raise Invalid("counts working time; give a span of elapsed time, like `7 days`")
    return wait


def _read(text: object) -> Wait | None:
    if not isinstance(text, str):
        return None
    if found := _IN_WORDS.fullmatch(text):
        wait = Wait(float(found[1]), found[3], bool(found[2]))
    elif found := _IN_SHORT.fullmatch(text):
        wait = Wait(float(found[1]), _SHORT[found[2]])
    else:
        return None
    part_of_a_day = wait.working and wait.unit == "day" and wait.amount % 1
    return wait if timedelta() < wait.elapsed <= LONGEST and not part_of_a_day else None
