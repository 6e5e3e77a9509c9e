"""Conditions of a policy: on what a case is, and on what happens to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from services.sla.domain.facts import Fact
from shared.kernel.conditions import REGION, Requirement, meets
from shared.kernel.regions import UNASSIGNED
from shared.kernel.vocabulary import CATEGORIES, CHANNELS, HISTORY, KINDS, LIVE, SEVERITIES

DEFAULTS: dict[str, Any] = {
    "kind": None,
    "category": None,
    "severity": "minor",
    "channel": None,
    REGION: UNASSIGNED,
    "verifiable": True,
    "repeat": False,
    "mode": "live",
}
"""The attributes that a policy may ask for, as a case has them before its first fact."""
VALUES: dict[str, tuple[str | bool, ...]] = {
    "kind": KINDS,
    "category": CATEGORIES,
    "severity": SEVERITIES,
    "channel": CHANNELS,
    "verifiable": (True, False),
    "repeat": (True, False),
    "mode": (LIVE, HISTORY),
}
"""What each of them may be; a region may be any well-formed path."""


@dataclass(frozen=True)
class CaseCondition:
    """Holds when any of the alternatives does, an alternative when all of its requirements do; without any, always."""

    alternatives: tuple[tuple[Requirement, ...], ...] = ()

    def holds(self, attributes: Mapping[str, Any]) -> bool:
        """Whether a case with these attributes is meant."""
        if not self.alternatives:
            return True
        for each in self.alternatives:
            for name, values in each:
                if not meets(attributes[name], name, values):
                    break
            else:
                return True
        return False

    @property
    def attributes(self) -> frozenset[str]:
        """What this asks for."""
        return frozenset(name for each in self.alternatives for name, _ in each)


ALWAYS = CaseCondition()


@dataclass(frozen=True)
class FactCondition:
    """Met by a fact of this name that carries all of `has`."""

    name: str
    has: frozenset[str] = frozenset()

    def meets(self, fact: Fact) -> bool:
        """Whether this fact is meant."""
        return fact.name == self.name and all(getattr(fact, part) is not None for part in self.has)


@dataclass(frozen=True)
class FactConditions:
    """Met when any of them is."""

    any_of: tuple[FactCondition, ...] = ()

    def met_by(self, fact: Fact) -> bool:
        """Whether this fact is meant by any of them."""
        return fact.name in self.names and any(each.meets(fact) for each in self.any_of)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the facts that can meet this."""
        return frozenset(each.name for each in self.any_of)
