"""What happened to a case, as intake tells it: an append-only list of facts (contracts 4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

RECEIVED = "received"
HANDED_OVER = "handed_over"
REPEAT_LINKED = "repeat_linked"
REPEAT_UNLINKED = "repeat_unlinked"

NAMES = frozenset(
    "received corrected handed_over investigation_started inspected relief_given replied opinion_given "
    "warning_settled measure_proposed approved rejected plan_agreed treatment_started checked progress_recorded "
    "waiting_started waiting_ended cause_determined severity_raised objected repeat_linked repeat_unlinked "
    "authority_involved authority_replied head_reported head_acknowledged team_formed report_received "
    "team_opinion_given appointment_made arrived promised promise_kept resolved reaction_recorded revisited "
    "improvement_set effect_checked closed withdrawn reopened visit_planned visit_done".split()
)
"""Every fact that a policy may ask for."""


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
