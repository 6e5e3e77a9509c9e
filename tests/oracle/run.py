"""One generation of a clock: how long it has, when it is due, what waits and stops do to it."""

from dataclasses import dataclass, field

from tests.oracle.minutes import Minutes
from tests.oracle.table import Happened, Limit, Rules


@dataclass
class Run:
    """One generation of a clock."""

    start: Happened
    key: str | None
    limit: Limit
    calendar: Minutes
    generation: int = 0
    pauses: list[tuple[int, int]] = field(default_factory=list)
    paused_since: int | None = None
    end: int | None = None
    state: str = "running"
    stopped: int | None = None

    def length(self, begin: int, end: int) -> int:
        if self.limit.counting in ("elapsed", "given"):
            return end - begin
        count = self.calendar.on_workdays if self.limit.counting == "on_workdays" else self.calendar.working
        return count(begin, end)

    @property
    def waited(self) -> int:
        return sum(self.length(*pause) for pause in self.pauses)

    @property
    def due(self) -> int:
        counting, amount = self.limit
        if counting == "given":
            assert self.start.due is not None
            return self.start.due
        if counting in ("elapsed", "working", "on_workdays"):
            return self.ahead(self.start.at, amount + self.waited)
        if counting == "same_day":
            plain = self.calendar.close_same_day(self.start.at)
        else:
            plain = self.calendar.close_after_days(self.start.at, amount)
        return self.calendar.close_of(self.calendar.after_working(plain, self.waited)) if self.waited else plain

    def ahead(self, begin: int, minutes: int) -> int:
        if self.limit.counting in ("elapsed", "given"):
            return begin + minutes
        if self.limit.counting == "on_workdays":
            return self.calendar.after_on_workdays(begin, minutes)
        return self.calendar.after_working(begin, minutes)

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

    def marks(self, rules: Rules) -> dict[float | str, int]:
        """When each fraction is used up, or so much is left, as the limit stands; none while it waits."""
        if self.end is not None or self.paused_since is not None:
            return {}
        total = self.length(self.start.at, self.due) - self.waited
        found: dict[float | str, int] = {each: self._used_up(round(each * total)) for each in rules.warn}
        found |= {f"{left} minutes left": self._used_up(total - left) for left in rules.left if left < total}
        return found | {1.0: self.due}

    def _used_up(self, wanted: int) -> int:
        begin = self.start.at
        for pause, resumed in self.pauses:
            if self.length(begin, pause) >= wanted:
                break
            wanted -= self.length(begin, pause)
            begin = resumed
        return min(self.ahead(begin, wanted), self.due)
