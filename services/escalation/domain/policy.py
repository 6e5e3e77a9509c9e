"""A policy as frozen values: ladders with their steps, what starts them, what is alerted (ES-1, ES-2, ES-6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from services.escalation.domain.about import About
from shared.kernel.conditions import Requirement, meets
from shared.kernel.words import Words
from shared.worktime.waits import Wait

OWNER: Final = "owner"
OWNER_MANAGER: Final = "owner_manager"
TEAM: Final = "team"
PERSON: Final = "person"
ENDED: Final = frozenset({"resolved", "closed", "withdrawn"})
"""The facts with which a case needs nobody any more, unless a trigger says otherwise."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when every requirement does: the attribute has one of the values, a region lies within one of them."""

    requirements: tuple[Requirement, ...] = ()

    def holds(self, attributes: Mapping[str, Any]) -> bool:
        """Whether a matter with these attributes is meant."""
        return all(meets(attributes.get(name), name, values) for name, values in self.requirements)


ALWAYS: Final = Condition()


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a step asks: a role, the owner, the owner's manager, the handling team, or one person by id."""

    role: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often, and how often at most, a step is said again while nobody acknowledges."""

    every: Wait
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rung: whom it asks, how long it waits for them; only the last one may wait for ever."""

    number: int
    level: int
    to: tuple[Who, ...]
    wait: Wait | None = None
    repeat: Repeat | None = None
    urgent: bool = False
    when: Condition = ALWAYS
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Steps that only ever lead up; `entry` says at which level each severity begins."""

    name: str
    title: Words
    entry: Mapping[str, int]
    steps: tuple[Step, ...]
    stalls_after: Wait

    @property
    def last(self) -> Step:
        """The step that is never empty."""
        return self.steps[-1]

    def step(self, number: int) -> Step:
        """The step of a number; of one too many, the last: another policy may have been longer."""
        return self.steps[min(number, len(self.steps)) - 1]

    def from_number(self, number: int, about: About) -> Iterator[Step]:
        """The steps that concern this matter from a number on, the last one always among them."""
        for step in self.steps[min(number, len(self.steps)) - 1 :]:
            if step is self.last or step.when.holds(about.attributes):
                yield step

    def number_of(self, level: int) -> int:
        """The first step of this level or one above it."""
        return next((step.number for step in self.steps if step.level >= level), self.last.number)


class On(StrEnum):
    """What a rule listens to."""

    BREACHED = "clock_breached"
    WARNED = "clock_warned"
    FACTS = "facts"
    ASKED = "asked"
    OVERDUE = "order_overdue"
    RECURRENCE = "recurrence"


WHAT: Final[Mapping[On, str]] = {
    On.BREACHED: "clock_breached",
    On.WARNED: "clock_warned",
    On.ASKED: "help_asked",
    On.OVERDUE: "maintenance_overdue",
    On.RECURRENCE: "recurrence",
}
"""What listeners are told that happened, whatever an operator calls the trigger."""
WHAT_OF_FACTS: Final = frozenset("severity_raised major_case repeat_linked objected authority_involved".split())
"""The same for triggers on facts: each says which of these it is (ES-2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """When a rule holds; no `names` means every clock. `mark` is the fraction of a limit that was warned at."""

    on: On
    names: frozenset[str] = frozenset()
    mark: float = 0.0
    selects: Condition = ALWAYS

    def takes(self, on: On, name: str, attributes: Mapping[str, Any]) -> bool:
        """Whether this clock, fact or matter is meant."""
        return self.on is on and (not self.names or name in self.names) and self.selects.holds(attributes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What starts or raises a ladder: at the severity's level, at a level of its own, or so many levels `up`."""

    name: str
    title: Words
    what: str
    occasion: Occasion
    ladder: str
    level: int | None = None
    up: int = 0
    until: frozenset[str] = ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """What a region is told of; without a severity of its own it has the matter's."""

    kind: str
    occasion: Occasion
    severity: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PileRule:
    """Cases alike that pile up: so many within a window in one region (ES-6)."""

    name: str
    threshold: int
    window: Wait
    severity: str
    selects: Condition = ALWAYS


@dataclass(frozen=True, kw_only=True)
class Policy:
    """All rules of escalating; `progress` are the facts that show that a case goes on."""

    name: str
    version: str
    ladders: Mapping[str, Ladder]
    triggers: tuple[Trigger, ...]
    alerts: tuple[AlertRule, ...]
    piles: tuple[PileRule, ...]
    fallback: tuple[str, ...]
    progress: frozenset[str]
    clocks: Mapping[str, Words] = field(default_factory=dict)

    def ladder(self, name: str) -> Ladder:
        """The ladder; one that an older policy had goes on along the first of this one."""
        return self.ladders.get(name) or next(iter(self.ladders.values()))

    def trigger(self, name: str) -> Trigger | None:
        """The trigger of this name."""
        return next((each for each in self.triggers if each.name == name), None)
