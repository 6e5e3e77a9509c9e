"""What happened to a case, as intake tells it: an append-only list of facts (contracts 4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.kernel.vocabulary import RECEIVED

HANDED_OVER = "handed_over"
REPEAT_LINKED = "repeat_linked"
REPEAT_UNLINKED = "repeat_unlinked"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: `at` is when it happened, `recorded_at` when it was written down."""

    seq: int
    name: str
    at: datetime
    recorded_at: datetime
    by: str = ""
    key: str | None = None
    due_at: datetime | None = None
    set: Mapping[str, Any] = field(default_factory=dict)
    voids: str | None = None


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """The facts by time, each once, however they came; a case begins with its being received."""
    once = {fact.seq: fact for fact in facts}
    return sorted(once.values(), key=lambda fact: (fact.name != RECEIVED, fact.at, fact.seq))


def attributes_after(attributes: dict[str, Any], fact: Fact) -> dict[str, Any]:
    """What is known of the case once this fact happened; the same object when the fact changes nothing."""
    changes = dict(fact.set)
    if fact.name == REPEAT_LINKED:
        changes["repeat"] = True
    elif fact.name == REPEAT_UNLINKED:
        changes["repeat"] = False
    elif "repeat_of" in changes:
        changes["repeat"] = changes["repeat_of"] is not None
    if all(attributes.get(name) == value for name, value in changes.items()):
        return attributes
    return attributes | changes
