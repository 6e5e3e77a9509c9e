"""A version of the policy: the clocks that a case may have, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from functools import cached_property
from typing import Any

from services.sla.domain.conditions import ALWAYS, CaseCondition, FactConditions
from services.sla.domain.facts import Fact
from services.sla.domain.limits import Limit
from shared.kernel.conditions import REGION
from shared.kernel.words import Words

NO_FACTS = FactConditions()


@dataclass(frozen=True)
class Wait:
    """A state of a case in which some clocks do not count (SL-4)."""

    name: str
    title: Words
    begins: FactConditions
    ends: FactConditions


@dataclass(frozen=True)
class Start:
    """What starts a clock: one of these facts, or the fact that made a condition on the case true.

    `once`: the first such fact and no other, and not when the clock's stop came before it.
    """

    on: FactConditions = NO_FACTS
    became: CaseCondition | None = None
    once: bool = False

    def met_by(self, fact: Fact, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
        """Whether this fact starts the clock, given what the case was before it and is after it."""
        if self.became is not None:
            return self.became.holds(after) and not self.became.holds(before)
        return self.on.met_by(fact)


@dataclass(frozen=True)
class Variant:
    """How a clock starts and how long it runs, for the cases that `when` means."""

    when: CaseCondition
    start: Start
    limit: Limit


@dataclass(frozen=True)
class Validity:
    """The days, both included, on which a case must have been received, as the wall of its calendar shows them."""

    first: date = date.min
    last: date = date.max

    def holds(self, received: datetime | None, zone: tzinfo) -> bool:
        """Whether a case received at this instant is meant."""
        if self == FOR_EVER:
            return True
        return received is not None and self.first <= received.astimezone(zone).date() <= self.last


FOR_EVER = Validity()


@dataclass(frozen=True)
class ClockRule:
    """One clock of the policy."""

    name: str
    title: Words
    source: str
    variants: tuple[Variant, ...]
    selects: CaseCondition = ALWAYS
    stop: FactConditions = NO_FACTS
    restart: FactConditions = NO_FACTS
    cancel: FactConditions = NO_FACTS
    waits: tuple[Wait, ...] = ()
    keyed: bool = False
    warn: tuple[float, ...] = ()
    ours: str = ""
    warn_left: tuple[int, ...] = ()
    """Minutes left, in the limit's own measure, at which it warns as well; most first."""
    valid: Validity = FOR_EVER

    def variant_for(self, attributes: Mapping[str, Any]) -> Variant:
        """The first variant that means such a case; the last one always does."""
        for each in self.variants:
            if each.when.holds(attributes):
                return each
        return self.variants[-1]

    @cached_property
    def heard_facts(self) -> frozenset[str]:
        """The facts that can change this clock by themselves."""
        lists = [self.stop, self.restart, self.cancel]
        lists += [each.start.on for each in self.variants]
        lists += [part for wait in self.waits for part in (wait.begins, wait.ends)]
        return frozenset().union(*(each.names for each in lists))

    @cached_property
    def heard_attributes(self) -> frozenset[str]:
        """The attributes of a case that decide on this clock."""
        conditions = [self.selects, *(each.when for each in self.variants)]
        conditions += [each.start.became for each in self.variants if each.start.became]
        return frozenset().union(*(each.attributes for each in conditions))


@dataclass(frozen=True)
class PromiseRoles:
    """Which clocks make the promise that is given at registration (IN-11)."""

    reply_by: str
    handed_over_by: str
    opinion_by: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """A version of the policy."""

    name: str
    version: str
    clocks: Mapping[str, ClockRule]
    promise: PromiseRoles
    label: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", f"{self.name}-{self.version}")

    @cached_property
    def listeners(self) -> dict[str, frozenset[str]]:
        """The clocks that each fact can change by itself, by the fact's name."""
        facts = frozenset().union(*(rule.heard_facts for rule in self.clocks.values()))
        return {fact: frozenset(n for n, rule in self.clocks.items() if fact in rule.heard_facts) for fact in facts}

    @cached_property
    def all_waits(self) -> frozenset[Wait]:
        """The waits that any clock knows."""
        return frozenset(wait for rule in self.clocks.values() for wait in rule.waits)

    @cached_property
    def becoming(self) -> frozenset[str]:
        """The clocks that a change of the case can start."""
        return frozenset(n for n, rule in self.clocks.items() if any(each.start.became for each in rule.variants))

    @cached_property
    def heard_attributes(self) -> tuple[str, ...]:
        """The attributes of a case that decide on any clock; the region always, because of its calendar."""
        return tuple(frozenset({REGION}).union(*(rule.heard_attributes for rule in self.clocks.values())))
