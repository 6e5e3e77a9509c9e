"""Threads: promises, appointments, improvements and authority notices that a fact begins and another one ends."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

OPEN: Final = "open"
DONE: Final = "done"
VOID: Final = "void"

PROMISE: Final = "promise"
APPOINTMENT: Final = "appointment"
IMPROVEMENT: Final = "improvement"
AUTHORITY: Final = "authority"

BEGINS: Final = {
    "promised": PROMISE,
    "appointment_made": APPOINTMENT,
    "improvement_set": IMPROVEMENT,
    "authority_involved": AUTHORITY,
}
ENDS: Final = {
    "promise_kept": PROMISE,
    "arrived": APPOINTMENT,
    "effect_checked": IMPROVEMENT,
    "improvement_followed_up": IMPROVEMENT,
    "authority_replied": AUTHORITY,
}
UNNAMED: Final = ""
"""The key of an authority's notice that came without a reference."""


@dataclass(frozen=True, slots=True)
class Threads:
    """Every thread of a case by kind and key, and whether it is open, done or void."""

    states: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, kind: str) -> Mapping[str, str]:
        """The threads of one kind: {key: open, done or void}."""
        return self.states.get(kind, {})

    def open(self, kind: str) -> list[str]:
        """The keys of the open ones, oldest first."""
        return [key for key, state in self.of(kind).items() if state == OPEN]

    def after(self, fact: str, key: str | None, voids: str | None) -> "Threads":
        """The threads once this fact has happened."""
        if kind := BEGINS.get(fact):
            changed = {key or UNNAMED: OPEN} | ({voids: VOID} if voids else {})
            return self._with(kind, changed)
        if kind := ENDS.get(fact):
            return self._with(kind, {key or UNNAMED: DONE})
        return self

    def _with(self, kind: str, changed: Mapping[str, str]) -> "Threads":
        return Threads({**self.states, kind: {**self.of(kind), **changed}})
