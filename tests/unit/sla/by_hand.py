"""Deadlines worked out by hand, each with its reckoning; run as a module, it writes them into the README."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from services.sla.domain.calendars import Calendar
from services.sla.domain.clock import Clock, Held
from services.sla.domain.conditions import ALWAYS
from services.sla.domain.explain import explain
from services.sla.domain.facts import Fact
from services.sla.domain.limits import Counting, Limit
from services.sla.domain.policy import ClockRule, Start, Variant
from services.sla.domain.words import explanation_words
from shared.kernel.words import Words
from shared.worktime import WorkCalendar
from tests.unit.sla.cases import CN

README = Path(__file__).parents[3] / "services" / "sla" / "README.md"
BEGIN, END = "<!-- worked out by hand -->\n", "<!-- end -->\n"
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


EXAMPLES = [
    # Chinese New Year 2026: off from Sun 15 to Mon 23 February; worked on Sat 14 and Sat 28.
    Example(
        "Chinese New Year, three working days",
        "2026-02-13 16:30",
        (DAYS, 3),
        "2026-02-25 18:00",
        "Fri 13 does not count; Sat 14 is worked: 1; off until Mon 23; Tue 24: 2; Wed 25: 3, its close.",
        shown=True,
    ),
    Example(
        "Chinese New Year, eight working hours",
        "2026-02-13 16:30",
        (HOURS, 8),
        "2026-02-14 16:30",
        "Fri 16:30-18:00: 1.5; Sat 14 9-12: 3, 4.5 in all; 13:00-16:30: 3.5, 8 in all.",
    ),
    Example(
        "Chinese New Year, ten working days",
        "2026-02-13 16:30",
        (DAYS, 10),
        "2026-03-05 18:00",
        "Sat 14: 1; Tue 24 to Fri 27: 2-5; Sat 28 is worked: 6; Mon 2 to Thu 5 March: 7-10.",
    ),
    Example(
        "Chinese New Year, 72 hours on working days",
        "2026-02-13 16:30",
        (ON_DAYS, 72),
        "2026-02-25 16:30",
        "Fri from 16:30: 7.5; Sat 14: 24, 31.5 in all; Tue 24: 24, 55.5 in all; Wed 25: 16.5, to 16:30.",
        shown=True,
    ),
    Example(
        "New Year's Eve, the same day",
        "2026-02-16 20:00",
        (SAME_DAY,),
        "2026-02-24 18:00",
        "Mon 16 is off, nothing of it is left; so are all days until Mon 23; Tue 24 is the next working day.",
    ),
    Example(
        "Chinese New Year, 24 hours",
        "2026-02-16 20:00",
        (ELAPSED, 24),
        "2026-02-17 20:00",
        "Every hour counts; a limit in hours is not moved by a day off.",
    ),
    # National Day 2026: off from Thu 1 to Wed 7 October; worked on Sun 20 September and Sat 10 October.
    Example(
        "The make-up Sunday before National Day",
        "2026-09-18 17:00",
        (DAYS, 3),
        "2026-09-22 18:00",
        "Sat 19 is off; Sun 20 is worked: 1; Mon 21: 2; Tue 22: 3.",
    ),
    Example(
        "National Day and the make-up Saturday after it",
        "2026-09-30 17:30",
        (DAYS, 5),
        "2026-10-13 18:00",
        "Off from 1 to 7; Thu 8: 1; Fri 9: 2; Sat 10 is worked: 3; Sun 11 is off; Mon 12: 4; Tue 13: 5.",
        shown=True,
    ),
    Example(
        "The make-up Saturday, the same day in its break",
        "2026-10-10 12:30",
        (SAME_DAY,),
        "2026-10-10 18:00",
        "The afternoon of Sat 10 is left.",
    ),
    # Year end: what 2027 has for days off is not known before its notice.
    Example(
        "Year end into a year that is not announced",
        "2026-12-30 10:00",
        (DAYS, 3),
        "2027-01-04 18:00",
        "Thu 31: 1; Fri 1 January is a Friday as long as nobody says otherwise: 2; Mon 4: 3. Provisional.",
        BEFORE_NOVEMBER,
        shown=True,
    ),
    Example(
        "The same once the year is announced",
        "2026-12-30 10:00",
        (DAYS, 3),
        "2027-01-05 18:00",
        "Thu 31: 1; Fri 1 January is off; Mon 4: 2; Tue 5: 3.",
        AFTER_NOVEMBER,
        shown=True,
    ),
    Example(
        "Leap day, 24 hours",
        "2024-02-28 10:00",
        (ELAPSED, 24),
        "2024-02-29 10:00",
        "2024 has a 29th of February.",
    ),
    Example(
        "Leap day, three working days",
        "2024-02-28 10:00",
        (DAYS, 3),
        "2024-03-04 18:00",
        "Thu 29: 1; Fri 1 March: 2; the weekend is off; Mon 4: 3.",
    ),
    # New York: on Sun 8 March 2026 02:00 becomes 03:00, on Sun 1 November 02:00 becomes 01:00.
    Example(
        "New York, the clocks go forward, 24 hours",
        "2026-03-07 12:00",
        (ELAPSED, 24),
        "2026-03-08 13:00",
        "Sat noon to midnight: 12; Sunday's first 12 hours end at 13:00, for 02:00 to 03:00 was skipped.",
        NEW_YORK,
        shown=True,
    ),
    Example(
        "New York, the clocks go back, 24 hours",
        "2026-10-31 12:00",
        (ELAPSED, 24),
        "2026-11-01 11:00",
        "Sat noon to midnight: 12; Sunday's first 12 hours end at 11:00, for 01:00 to 02:00 came twice.",
        NEW_YORK,
    ),
    Example(
        "New York, a working day of 23 hours",
        "2026-03-07 00:00",
        (ON_DAYS, 48),
        "2026-03-09 01:00",
        "Sat 24; Sun 23, 47 in all; Mon 1.",
        NEW_YORK,
    ),
    Example(
        "New York, a night shift of seven hours",
        "2026-03-07 22:00",
        (HOURS, 8),
        "2026-03-14 23:00",
        "Sat 22:00 to Sun 06:00 has 7 hours, for 02:00 to 03:00 was skipped; the 8th is on the next Saturday.",
        NIGHTS,
    ),
    # Sydney: on Sun 5 April 2026 03:00 becomes 02:00, on Sun 4 October 02:00 becomes 03:00.
    Example(
        "Sydney, the clocks go back in autumn, 24 hours",
        "2026-04-04 12:00",
        (ELAPSED, 24),
        "2026-04-05 11:00",
        "Sat noon to midnight: 12; Sunday's first 12 hours end at 11:00, for 02:00 to 03:00 came twice.",
        SYDNEY,
    ),
    Example(
        "Sydney, an early shift of seven hours",
        "2026-10-03 12:00",
        (HOURS, 8),
        "2026-10-11 01:00",
        "Sun 4 October 00:00-08:00 has 7 hours, for 02:00 to 03:00 was skipped; the 8th is on the next Sunday.",
        EARLY,
    ),
    # Waits: what they cost is counted in the measure of the limit.
    Example(
        "A wait that begins and ends outside working time",
        "2026-10-08 10:00",
        (DAYS, 3),
        "2026-10-13 18:00",
        "Without it Fri 9: 1, Sat 10: 2, Mon 12: 3. It holds Sat 10, a working day of 8 hours: from Mon 18:00 8 more.",
        waits=(("2026-10-09 20:00", "2026-10-11 10:00"),),
        shown=True,
    ),
    Example(
        "A wait over National Day, working days",
        "2026-09-29 10:00",
        (DAYS, 3),
        "2026-10-10 18:00",
        "Without it Wed 30: 1, Thu 8: 2, Fri 9: 3. It costs Wed 13-18 and Thu 9-12: 8 hours, so all of Sat 10.",
        waits=(("2026-09-30 12:00", "2026-10-08 13:00"),),
    ),
    Example(
        "A wait over National Day, hours on working days",
        "2026-09-29 10:00",
        (ON_DAYS, 72),
        "2026-10-10 11:00",
        "Tue 29 from 10:00: 14; Wed to 12:00: 12, 26 in all; Thu 8 from 13:00: 11, 37; Fri 9: 61; Sat 10: 11 more.",
        waits=(("2026-09-30 12:00", "2026-10-08 13:00"),),
        shown=True,
    ),
    Example(
        "A wait over National Day, elapsed hours",
        "2026-09-29 10:00",
        (ELAPSED, 72),
        "2026-10-10 11:00",
        "26 hours until Wed 12:00; 46 more from Thu 8 13:00: Fri 13:00 is 24, Sat 11:00 is 46.",
        waits=(("2026-09-30 12:00", "2026-10-08 13:00"),),
    ),
    # A hundred years.
    Example(
        "A clock a hundred years long",
        "2026-10-12 10:00",
        (ELAPSED, 876_600),
        "2126-10-13 10:00",
        "36,525 days; from 12 October 2026 to 2126 are 36,524, for 2100 is no leap year.",
    ),
    Example(
        "25,000 working days of a shop that never closes",
        "2026-10-12 10:00",
        (DAYS, 25_000),
        "2095-03-24 17:00",
        "68 years with 17 leap days are 24,837, to 12 October 2094; 163 more: 19, 30, 31, 31, 28, and 24 of March.",
        SYDNEY,
    ),
]


def page() -> str:
    """What the README shows: the examples that are worth reading, with the engine's explanation of each."""
    lines = ["```text"]
    for example in EXAMPLES:
        if example.shown:
            words = explanation_words(explain(example.clock))
            lines += [example.title, f"    by hand   {example.because}", f"    explain   {words.en}", f"    {words.zh}"]
    return "\n".join([*lines, "```", ""])


def readme_with(text: str, page: str) -> str:
    """The README with this page in its place."""
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + page + END + rest.partition(END)[2]


if __name__ == "__main__":
    README.write_text(readme_with(README.read_text(encoding="utf-8"), page()), encoding="utf-8")
