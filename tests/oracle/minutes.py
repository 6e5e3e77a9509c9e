"""Working time on an array of minutes, 2024 to 2027, with sums: every question is a look-up or a bisection.

An instant is a whole number of minutes since 2024-01-01 00:00 UTC. A minute is open when the clock on the wall shows a
time within that date's hours; it belongs to the date the wall shows. No hours pass midnight here.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import accumulate
from zoneinfo import ZoneInfo

EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
END = int((datetime(2028, 1, 1, tzinfo=UTC) - EPOCH).total_seconds()) // 60
DAY = 24 * 60
SLACK = 2
"""Days before the epoch and after the end that local dates may reach into."""

Hours = Sequence[tuple[int, int]]
Minute = int | Fraction
"""Whole but for what is used or left by a share of another limit."""


class Beyond(Exception):
    """The answer lies after the array: the case says nothing."""


def minute_of(instant: datetime) -> int:
    return int((instant - EPOCH).total_seconds()) // 60


def instant_of(minute: int) -> datetime:
    return EPOCH + timedelta(minutes=minute)


class Minutes:
    """A calendar: `week` is the hours of each weekday, in minutes of the day; exceptions are dates."""

    def __init__(
        self,
        zone: str,
        week: Sequence[Hours],
        off: set[date],
        made_up: set[date],
        special: Mapping[date, Hours] | None = None,
        known_until: date | None = None,
    ) -> None:
        self.zone, self.known_until = ZoneInfo(zone), known_until
        self._week, self._off, self._made_up, self._special = week, off, made_up, special or {}
        self.offsets = self._offsets()
        hours = [self.hours_on(EPOCH.date() + timedelta(days=n)) for n in range(-SLACK, END // DAY + SLACK + 1)]
        self.open = self._as_seen([self._painted(each) for each in hours])
        self.sums = array("i", accumulate(self.open, initial=0))
        self.whole = array("i", accumulate(self._as_seen([bytes([bool(each)]) * DAY for each in hours]), initial=0))
        self._find_closes()

    def hours_on(self, day: date) -> Hours:
        if day in self._special:
            return self._special[day]
        if day in self._made_up:
            return self._week[0]
        return () if day in self._off else self._week[day.weekday()]

    def _offsets(self) -> list[tuple[int, int]]:
        """From which minute on the wall is how many minutes ahead of UTC."""
        found: list[tuple[int, int]] = []
        for minute in range(0, END + 1, 30):
            offset = instant_of(minute).astimezone(self.zone).utcoffset()
            assert offset is not None
            ahead = int(offset.total_seconds()) // 60
            if not found or found[-1][1] != ahead:
                found.append((minute, ahead))
        return found

    @staticmethod
    def _painted(hours: Hours) -> bytes:
        day = bytearray(DAY)
        for opens, closes in hours:
            day[opens:closes] = b"\1" * (closes - opens)
        return bytes(day)

    def _as_seen(self, days: list[bytes]) -> bytes:
        """The wall's minutes as time shows them: those of an hour skipped are missing, of one repeated are twice."""
        wall = b"".join(days)
        ends = [begin for begin, _ in self.offsets[1:]] + [END]
        first = SLACK * DAY
        parts = zip(self.offsets, ends, strict=True)
        return b"".join(wall[first + begin + ahead : first + end + ahead] for (begin, ahead), end in parts)

    def ahead(self, minute: Minute) -> int:
        return self.offsets[bisect_right(self.offsets, (minute, END)) - 1][1]

    def day(self, minute: Minute) -> int:
        """The date the wall shows, counted in days since the epoch."""
        return int((minute + self.ahead(minute)) // DAY)

    def _find_closes(self) -> None:
        """The working days and when each closes: after its last open minute."""
        found: dict[int, int] = {}
        opens = self.open.find(1)
        while 0 <= opens < END - DAY:  # the last day may be cut off
            closes = self.open.find(0, opens)
            found[self.day(opens)] = closes
            opens = self.open.find(1, closes)
        self.days, self.closes = list(found), list(found.values())

    def working(self, begin: Minute, end: Minute) -> Minute:
        return self._by(self.sums, end) - self._by(self.sums, begin)

    def on_workdays(self, begin: Minute, end: Minute) -> Minute:
        return self._by(self.whole, end) - self._by(self.whole, begin)

    def after_working(self, begin: Minute, minutes: Minute) -> Minute:
        """The first minute by which so much is worked: at closing time if it is used up there."""
        return self._reached(self.sums, begin, minutes)

    def after_on_workdays(self, begin: Minute, minutes: Minute) -> Minute:
        return self._reached(self.whole, begin, minutes)

    def close_same_day(self, begin: Minute) -> int:
        """The close of the day on which the next open minute lies."""
        return self.close_of(self._reached(self.sums, begin, 1))

    def close_of(self, ended: Minute) -> int:
        """The close of the day in which work ended: the first close not before it."""
        index = bisect_left(self.closes, ended)
        if index == len(self.closes):
            raise Beyond
        return self.closes[index]

    def close_after_days(self, begin: Minute, number: int) -> int:
        """The close of the n-th working day after the date of the start, which does not count."""
        index = bisect_right(self.days, self.day(self._within(begin))) + number - 1
        if index >= len(self.closes):
            raise Beyond
        return self.closes[index]

    def provisional(self, minute: Minute) -> bool:
        return self.known_until is not None and self.day(minute) > (self.known_until - EPOCH.date()).days

    def days_between(self, begin: Minute, end: Minute) -> int:
        """The working days after the date of `begin`, up to that of `end`."""
        return bisect_right(self.days, self.day(end)) - bisect_right(self.days, self.day(begin))

    @staticmethod
    def _within(minute: Minute) -> int:
        if not 0 <= minute <= END - 3 * DAY:
            raise Beyond
        return int(minute)

    def _by(self, sums: "array[int]", minute: Minute) -> Minute:
        """What is counted by then; a part of a minute counts as that part."""
        whole = self._within(minute)
        return sums[whole] + (minute - whole) * (sums[whole + 1] - sums[whole])

    def _reached(self, sums: "array[int]", begin: Minute, minutes: Minute) -> Minute:
        wanted = self._by(sums, begin) + minutes
        if not minutes:
            found = bisect_right(sums, wanted) - 1  # nothing ends at the next opening
            return max(begin, self._within(found))
        found = bisect_left(sums, wanted)
        return self._within(found) - (sums[found] - wanted if found < len(sums) else 0)
