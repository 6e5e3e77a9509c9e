"""One generation of a clock: how long it has, when it is due, what waits, stops and other rules do to it."""

from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from tests.oracle.editions import Edition
from tests.oracle.minutes import Minute, Minutes
from tests.oracle.table import Happened, Limit

IN_DAYS = ("same_day", "working_days")


@dataclass
class Taken:
    """What a clock took along into other rules: from `at` on so much is `left`, in days or minutes.

    `used` minutes are used by then; a limit in days is put off by `put_off` working minutes of earlier waits.
    """

    at: int
    left: int | Fraction
    used: int | Fraction = 0
    put_off: int | Fraction = 0


@dataclass(eq=False)
class Run:
    """One generation of a clock, under the rules of an edition."""

    start: Happened
    key: str | None
    limit: Limit
    calendar: Minutes
    edition: Edition
    generation: int = 0
    pauses: list[tuple[int, int]] = field(default_factory=list)
    paused_since: int | None = None
    end: int | None = None
    state: str = "running"
    stopped: int | None = None
    taken: Taken = field(init=False)

    def __post_init__(self) -> None:
        self.taken = Taken(self.start.at, self.limit.amount)

    def length(self, begin: Minute, end: Minute) -> Minute:
        if self.limit.counting in ("elapsed", "given"):
            return end - begin
        count = self.calendar.on_workdays if self.limit.counting == "on_workdays" else self.calendar.working
        return count(begin, end)

    @property
    def waits(self) -> list[tuple[int, int]]:
        """The waits since the present rules count."""
        return [(max(begin, self.taken.at), end) for begin, end in self.pauses if end > self.taken.at]

    @property
    def waited(self) -> Minute:
        return sum(self.length(*wait) for wait in self.waits)

    @property
    def due(self) -> Minute:
        taken = self.taken
        if self.limit.counting == "given":
            assert self.start.due is not None
            return self.start.due
        if self.limit.counting not in IN_DAYS:
            return self.ahead(taken.at, taken.left + self.waited)
        if taken.left:
            plain = self.calendar.close_after_days(taken.at, int(taken.left))
        else:
            plain = self.calendar.close_same_day(taken.at)
        put_off = self.waited + taken.put_off
        return self.calendar.close_of(self.calendar.after_working(plain, put_off)) if put_off else plain

    @property
    def provisional(self) -> bool:
        return self.limit.counting not in ("elapsed", "given") and self.calendar.provisional(self.due)

    def ahead(self, begin: Minute, minutes: Minute) -> Minute:
        if self.limit.counting in ("elapsed", "given"):
            return begin + minutes
        if self.limit.counting == "on_workdays":
            return self.calendar.after_on_workdays(begin, minutes)
        return self.calendar.after_working(begin, minutes)

    def used(self, by: int) -> Minute:
        until = max(by if self.paused_since is None else self.paused_since, self.taken.at)
        return max(0, self.length(self.taken.at, until) - self.waited) + self.taken.used

    @property
    def whole(self) -> Minute:
        """The limit in its own measure, as it stands."""
        return self.taken.used + self.length(self.taken.at, self.due) - self.waited

    def count_anew(self, limit: Limit, calendar: Minutes, edition: Edition) -> None:
        """From its own start, by other rules."""
        self.limit, self.calendar, self.edition = limit, calendar, edition
        self.taken = Taken(self.start.at, limit.amount)

    def go_on_by(self, limit: Limit, calendar: Minutes, edition: Edition) -> None:
        """What is used by the edition's instant stays used; what is left counts by the other rules.

        Rules that say the same of it change nothing.
        """
        at = edition.at
        if limit == self.limit and self._stays_the_same_by(calendar):
            self.calendar, self.edition = calendar, edition
            return
        taken = self._take_along(limit, at)
        self.count_anew(limit, calendar, edition)
        if limit.counting != "given":  # an instant that somebody set is what it is
            self.taken = taken

    def _stays_the_same_by(self, calendar: Minutes) -> bool:
        seen = []
        present = self.calendar
        for each in (present, calendar):
            self.calendar = each
            seen.append((self.due, self.whole, self.provisional))
        self.calendar = present
        return seen[0] == seen[1]

    def _take_along(self, limit: Limit, at: int) -> Taken:
        used, whole = self.used(at), self.whole
        share = min(Fraction(1), Fraction(used) / whole) if whole > 0 else Fraction(1)
        was_days, in_days = self.limit.counting in IN_DAYS, limit.counting in IN_DAYS
        if in_days and was_days:
            more = int(self.taken.left) + limit.amount - self.limit.amount
            over = self.calendar.days_between(self.taken.at, at)
            waiting = 0 if self.paused_since is None else self.length(max(self.paused_since, self.taken.at), at)
            return Taken(at, max(0, more - over), used, self.taken.put_off + self.waited + waiting)
        if in_days:
            return Taken(at, ceil((1 - share) * limit.amount), used)
        if limit.counting != self.limit.counting:
            used = share * limit.amount
        return Taken(at, max(0, limit.amount - used), used)

    def overrun_by(self, minute: int) -> bool:
        return self.paused_since is None and self.due <= minute

    def wait(self, minute: int) -> None:
        self.paused_since = max(minute, self.start.at)

    def go_on(self, minute: int) -> None:
        if self.paused_since is not None and minute > self.paused_since:
            self.pauses.append((self.paused_since, minute))
        self.paused_since = None

    def let_go(self, minute: int) -> None:
        """A verdict is never touched; without one it is cancelled."""
        self.state = "breached" if self.overrun_by(minute) else "cancelled"
        self.go_on(minute)
        self.end = minute

    def stop(self, minute: int) -> None:
        self.go_on(minute)
        self.state = "met" if minute <= self.due else "late"
        self.end = self.stopped = minute

    def as_of(self, now: int) -> None:
        if self.end is None:
            self.state = "paused" if self.paused_since is not None else "breached" if self.due <= now else "running"

    def marks(self) -> dict[float | str, Minute]:
        """When each fraction is used up, or so much is left, as the limit stands; none while it waits."""
        if self.end is not None or self.paused_since is not None:
            return {}
        rules, whole = self.edition.rules, self.whole
        found: dict[float | str, Minute] = {
            each: self._used_up(Fraction(each).limit_denominator(100) * whole) for each in rules.warn
        }
        found |= {f"{left} minutes left": self._used_up(whole - left) for left in rules.left if left < whole}
        return found | {1.0: self.due}

    def _used_up(self, wanted: Minute) -> Minute:
        begin: Minute = self.taken.at
        wanted -= self.taken.used
        if wanted <= 0:
            return min(begin, self.due)
        for pause, resumed in self.waits:
            if self.length(begin, pause) >= wanted:
                break
            wanted -= self.length(begin, pause)
            begin = resumed
        return min(self.ahead(begin, wanted), self.due)
