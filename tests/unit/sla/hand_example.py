"""A deadline worked out by hand beside what the engine makes of it, and the calendars of such."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.sla.domain.calendars import Calendar
from services.sla.domain.clock import Clock, Held
from services.sla.domain.conditions import ALWAYS
from services.sla.domain.facts import Fact
from services.sla.domain.limits import Counting, Limit
from services.sla.domain.policy import ClockRule, Start, Variant
from shared.kernel.words import Words
from shared.worktime import WorkCalendar
from tests.unit.sla.cases import CN

OFFICE = [("09:00", "12:00"), ("13:00", "18:00")]
WEEK = {day: OFFICE for day in ("mon", "tue", "wed", "thu", "fri")}
EVERY_DAY = {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
NEW_YORK = Calendar("new-york", "1", WorkCalendar("America/New_York", hours=EVERY_DAY))
SYDNEY = Calendar("sydney", "1", WorkCalendar("Australia/Sydney", hours=EVERY_DAY))
NIGHTS = Calendar("nights", "1", WorkCalendar("America/New_York", hours={"sat": [("22:00", "06:00")]}))
EARLY = Calendar("early", "1", WorkCalendar("Australia/Sydney", hours={"sun": [("00:00", "08:00")]}))
BEFORE_NOVEMBER = Calendar("cn", "before", WorkCalendar("Asia/Shanghai", hours=WEEK, known_until=date(2026, 12, 31)))
AFTER_NOVEMBER = Calendar(
    "cn",
    "after",
    WorkCalendar("Asia/Shanghai", hours=WEEK, holidays=[date(2027, 1, 1)], known_until=date(2027, 12, 31)),
)
NAMES = {
    Counting.ELAPSED_HOURS: Words("首次答复", "first response"),
    Counting.WORKING_HOURS: Words("调查", "investigation"),
    Counting.WORKING_DAYS: Words("处理意见", "opinion"),
    Counting.HOURS_ON_WORKING_DAYS: Words("处理进展", "progress"),
    Counting.SAME_DAY: Words("移交", "hand-over"),
}
DAYS, HOURS, ELAPSED, SAME_DAY, ON_DAYS = (
    Counting.WORKING_DAYS,
    Counting.WORKING_HOURS,
    Counting.ELAPSED_HOURS,
    Counting.SAME_DAY,
    Counting.HOURS_ON_WORKING_DAYS,
)


@dataclass(frozen=True)
class Example:
    """A limit from an instant on, as the wall there shows it; when it ends, and why, reckoned without the engine."""

    title: str
    start: str
    limit: tuple[Any, ...]
    due: str
    because: str
    calendar: Calendar = CN
    waits: tuple[tuple[str, str], ...] = ()
    shown: bool = False

    @property
    def clock(self) -> Clock:
        """What the engine makes of it."""
        limit = Limit(*self.limit)
        variant = Variant(ALWAYS, Start(), limit)
        rule = ClockRule("example", NAMES[limit.counting], "by hand", (variant,))
        at = self.instant(self.start)
        clock = Clock(rule, None, Fact(1, "received", at, at), limit, self.calendar, "by-hand-1")
        for begin, end in self.waits:
            waiting = Fact(2, "waiting_started", self.instant(begin), self.instant(begin))
            clock.pause(waiting.at, Held("customer", waiting))
            clock.resume(self.instant(end))
        return clock

    def instant(self, wall: str) -> datetime:
        return datetime.fromisoformat(wall).replace(tzinfo=self.calendar.work.zone).astimezone(UTC)

    def wall(self, instant: datetime) -> str:
        zone: ZoneInfo = self.calendar.work.zone
        return instant.astimezone(zone).replace(tzinfo=None).isoformat(" ", "minutes")
