"""What two sets of rules make of the same past cases: clocks, warnings, overruns, by clock and by owner."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.sla.domain.clock import Clock, State
from services.sla.domain.derive import Publication, clocks
from services.sla.domain.facts import Fact
from services.sla.domain.marks import BREACH, marks

OVERRUN = frozenset({State.BREACHED, State.LATE})
FIGURES = ("clocks", "met", "overrun", "running", "cancelled", "warnings")
_COUNTED_AS = {
    State.MET: "met",
    State.LATE: "overrun",
    State.BREACHED: "overrun",
    State.RUNNING: "running",
    State.PAUSED: "running",
    State.CANCELLED: "cancelled",
}

Figures = Counter[str]


@dataclass(slots=True)
class Sides:
    """The same figures by the rules in force and by the proposed ones."""

    present: Figures = field(default_factory=Counter)
    proposed: Figures = field(default_factory=Counter)

    def to_json(self) -> dict[str, dict[str, int]]:
        """Each figure of both sides."""
        sides = {"present": self.present, "proposed": self.proposed}
        return {side: {name: figures[name] for name in FIGURES} for side, figures in sides.items()}


@dataclass(frozen=True, slots=True)
class Turned:
    """A clock that is overrun by one side's rules only; `clock` is that of this side."""

    case_no: str
    clock: Clock
    saved: bool


class Comparison:
    """Filled case by case."""

    def __init__(self, present: Sequence[Publication], proposed: Publication) -> None:
        self._rules = (present, (proposed,))
        self.by_clock: defaultdict[str, Sides] = defaultdict(Sides)
        self.by_owner: defaultdict[str | None, Sides] = defaultdict(Sides)
        self.turned: list[Turned] = []

    def add(self, case_no: str, owner: str | None, facts: Sequence[Fact], now: datetime) -> None:
        """Derive a case by both; what lies ahead of `now` has not happened on either side."""
        present, proposed = (clocks(facts, rules, now) for rules in self._rules)
        for clock in present:
            figures = figures_of(clock, now)
            self.by_clock[clock.name].present += figures
            self.by_owner[owner].present += figures
        for clock in proposed:
            figures = figures_of(clock, now)
            self.by_clock[clock.name].proposed += figures
            self.by_owner[owner].proposed += figures
        self.turned += _turned(case_no, present, proposed)


def figures_of(clock: Clock, now: datetime) -> Figures:
    """One clock as it counts: what became of it, and how many warnings it gave on the way."""
    return Counter({"clocks": 1, _COUNTED_AS[clock.state]: 1, "warnings": warnings(clock, now)})


def warnings(clock: Clock, now: datetime) -> int:
    """How many warnings came before it ended; each is given also where a case was told so late that some were not."""
    counting = copy(clock)
    counting.paused_since = None  # marks before a wait that goes on were passed
    until = now if clock.until is None else clock.until
    return sum(mark.fraction != BREACH and mark.at <= until for mark in marks(counting))


def _turned(case_no: str, present: Iterable[Clock], proposed: Iterable[Clock]) -> Iterator[Turned]:
    before, after = _overrun(present), _overrun(proposed)
    yield from (Turned(case_no, after[each], saved=False) for each in after if each not in before)
    yield from (Turned(case_no, before[each], saved=True) for each in before if each not in after)


def _overrun(found: Iterable[Clock]) -> dict[tuple[Any, ...], Clock]:
    return {(each.name, each.key, each.generation): each for each in found if each.state in OVERRUN}
