"""A clock: one time limit of a case, from its start to its end (contracts 4)."""

from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import ceil

from services.sla.domain.calendars import Calendar, Measure
from services.sla.domain.carry import Carried, Counted, carry
from services.sla.domain.facts import Fact
from services.sla.domain.limits import Limit
from services.sla.domain.policy import ClockRule
from services.sla.domain.usage import Usage


class State(StrEnum):
    """Where a clock stands; `late` is stopped after its breach."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    LATE = "late"
    CANCELLED = "cancelled"


ENDED = frozenset({State.MET, State.LATE, State.CANCELLED})
MOST_PERCENT = 9999
"""Whoever took a hundred times the limit took no more."""


@dataclass(frozen=True, slots=True)
class Held:
    """Why a clock stands still: the name of the wait, and the fact that began it."""

    reason: str
    fact: Fact


@dataclass(slots=True)
class Clock:
    """One generation of a clock, while a derivation builds it and as its result.

    `given` is the instant that the starting fact carries; `paused_seconds` are those of the closed pauses in the
    limit's own measure. `ended_at` is when the case let go of it, also where that gave no verdict. `calendar` counts
    from here on; `counted_by` is the version by which the instants are what they are. `carried`: rules changed on the
    way, and what was used before counts by the old ones.
    `judged_by_others`: facts since its start were so too, and not alike.
    """

    rule: ClockRule
    key: str | None
    start: Fact
    limit: Limit
    calendar: Calendar
    policy_version: str
    generation: int = 1
    state: State = State.RUNNING
    due_at: datetime = field(init=False)
    stop: Fact | None = None
    ended_at: datetime | None = None
    paused_since: datetime | None = None
    paused_by: Held | None = None
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    paused_seconds: float = 0.0
    carried: Carried | None = None
    judged_by_others: bool = False
    counted_by: Calendar = field(init=False)

    def __post_init__(self) -> None:
        self.plan()

    def __copy__(self) -> "Clock":
        """The same; a million are made when days off are announced, and the usual way takes ten times as long."""
        same = object.__new__(Clock)
        for name in Clock.__slots__:
            setattr(same, name, getattr(self, name))
        return same

    @property
    def name(self) -> str:
        """Which clock of the policy it is."""
        return self.rule.name

    @property
    def started_at(self) -> datetime:
        """When it began to count."""
        return self.start.at

    @property
    def stopped_at(self) -> datetime | None:
        """When it was fulfilled; None for the open and the cancelled."""
        return self.stop.at if self.stop else None

    @property
    def measure(self) -> Measure:
        """In what its time is counted."""
        return self.limit.measure

    @property
    def is_open(self) -> bool:
        """Whether facts can still change it."""
        return self.ended_at is None

    @property
    def provisional(self) -> bool:
        """Whether holidays that are not announced yet may move its end (SL-6)."""
        return self.limit.asks_calendar and self.calendar.work.provisional(self.due_at)

    def breached_by(self, instant: datetime) -> bool:
        """Whether it was overrun by then: the limit was used up, and no wait kept it."""
        return self.paused_since is None and self.due_at <= instant

    @property
    def until(self) -> datetime | None:
        """When it stopped counting, for good or for the time being; None while it counts."""
        return self.paused_since if self.ended_at is None else self.ended_at

    @property
    def usage(self) -> Usage:
        """What of the limit is used and left."""
        return Usage(
            measure=self.measure,
            started_at=self.started_at,
            due_at=self.due_at,
            until=self.until,
            paused_seconds=self.paused_seconds,
            counted_from=self.carried.at if self.carried else None,
            used_before=self.carried.used_seconds if self.carried else 0.0,
        )

    @property
    def counted_from(self) -> datetime:
        """Where the present rules began to count: at the start, or where they took over."""
        return self.carried.at if self.carried else self.started_at

    @property
    def used_percent(self) -> int | None:
        """How much of the limit it took, in its own measure; None without a verdict, and for a limit without length."""
        if self.ended_at is None or self.state is State.CANCELLED or (total := self.total_seconds) <= 0:
            return None
        used = self.usage.used_seconds(self.calendar, self.ended_at)
        return min(ceil(100 * used / total), MOST_PERCENT)

    def plan(self) -> None:
        """Reckon the due instant from the start, the limit and the closed pauses."""
        self.counted_by = self.calendar
        self.paused_seconds = sum(self._length(begin, end) for begin, end in self.counted_pauses)
        if self.carried is not None:
            self.due_at = self.carried.due(self.limit, self.calendar, self.paused_seconds)
        else:
            self.due_at = self.limit.due(self.calendar, self.start.at, self.start.due_at, self.paused_seconds)

    @property
    def counted_pauses(self) -> list[tuple[datetime, datetime]]:
        """The closed pauses, as far as the present rules count."""
        since = self.counted_from
        return [(max(begin, since), end) for begin, end in self.pauses if end > since]

    def retime(self, rule: ClockRule, limit: Limit, calendar: Calendar, policy_version: str) -> None:
        """Count from the same start by another rule (SL-6). Its versions change only where that changes anything."""
        if rule is self.rule and limit is self.limit and self.carried is None and not limit.asks_calendar:
            self.calendar = calendar
            return
        before = copy(self)
        self.carried = None
        self._replan(before, rule, limit, calendar, policy_version)

    def go_on(self, at: datetime, rule: ClockRule, limit: Limit, calendar: Calendar, policy_version: str) -> None:
        """Count what is left by another rule from an instant on; what is used by then stays used (SL-6).

        Where the other rule says the same all the way, there is nothing to carry.
        """
        counted, before = self._counted(at), copy(self)
        if limit != self.limit:
            self.carried = None  # it is in the measure of the limit that was
        same = self._replan(before, rule, limit, calendar, policy_version)
        if not same and not limit.is_given:
            self.carried = carry(counted, limit, at)
            self.plan()

    def _replan(self, before: "Clock", rule: ClockRule, limit: Limit, calendar: Calendar, policy_version: str) -> bool:
        """Plan by other rules; whether nobody can notice."""
        counted_by = self.counted_by
        if (rule, limit) != (self.rule, self.limit):
            self.policy_version = policy_version
        self.rule, self.limit, self.calendar = rule, limit, calendar
        self.plan()
        same = self._counts_like(before)
        if same and counted_by.name == calendar.name:
            self.counted_by = counted_by
        return same

    def _counts_like(self, other: "Clock") -> bool:
        """Whether no listener can notice another way of counting; what takes longest to reckon is asked last."""
        if (self.due_at, self.limit, self.carried) != (other.due_at, other.limit, other.carried):
            return False
        return self.provisional == other.provisional and self.total_seconds == other.total_seconds

    def _counted(self, at: datetime) -> Counted:
        running = self.paused_since if self.paused_since is not None else at
        waiting = max(0.0, self._length(max(running, self.counted_from), at))
        carried = self.carried
        return Counted(
            limit=self.limit,
            calendar=self.calendar,
            since=self.counted_from,
            left=carried.left if carried else self.limit.amount,
            used_seconds=self.usage.used_seconds(self.calendar, at),
            total_seconds=self.total_seconds,
            paused_seconds=self.paused_seconds + waiting + (carried.paused_seconds if carried else 0.0),
        )

    def pause(self, at: datetime, held: Held) -> None:
        """Stop counting; the due instant keeps its last value meanwhile (contracts 4)."""
        self.paused_since, self.paused_by = max(at, self.start.at), held

    def resume(self, at: datetime) -> None:
        """Count on; the due instant moves by the time of the pause."""
        if self.paused_since is None:
            return
        if at > self.paused_since:
            self.pauses.append((self.paused_since, at))
            self.plan()
        self.paused_since = None

    def fulfil(self, fact: Fact) -> None:
        """Stop: met when not after the due instant. A wait that still goes on ends with it."""
        self.resume(fact.at)
        self.stop, self.ended_at = fact, fact.at
        self.state = State.MET if fact.at <= self.due_at else State.LATE

    def let_go(self, at: datetime) -> None:
        """End without a verdict; a breach stays a breach."""
        self.state = State.BREACHED if self.breached_by(at) else State.CANCELLED
        self.resume(at)
        self.ended_at = at

    def settle(self, now: datetime) -> None:
        """Say where it stands now, if it has not ended."""
        if self.ended_at is not None:
            return
        if self.paused_since is not None:
            self.state = State.PAUSED
        else:
            self.state = State.BREACHED if self.due_at <= now else State.RUNNING

    def _length(self, begin: datetime, end: datetime) -> float:
        return self.calendar.length(self.limit.measure, begin, end)

    @property
    def total_seconds(self) -> float:
        """The length of the limit in its own measure, as it stands with the pauses so far."""
        if self.carried is not None:
            return self.carried.used_seconds + self._length(self.carried.at, self.due_at) - self.paused_seconds
        if self.limit.seconds is not None:
            return self.limit.seconds
        return self._length(self.start.at, self.due_at) - self.paused_seconds
