"""The life of a case as far as a policy can rely on it: which fact may happen when, where it leads (contracts 4)."""

from collections.abc import Mapping
from typing import Final

from shared.kernel.vocabulary import FACTS, RECEIVED

OPEN: Final = ("registered", "handed_over", "investigating", "opinion_given", "agreed", "in_treatment", "checked")
"""The states in which somebody owes the customer something."""
BEFORE: Final = "before"
"""Not received yet."""
_AFTER_OPINION: Final = OPEN[3:]
_DONE: Final = ("resolved", "revisited", "closed")
_ANSWERED: Final = frozenset({"inquiry", "guidance", "suggestion"})
"""Kinds that an answer resolves; they are closed without a revisit."""

Moves = Mapping[str, frozenset[str]]


def _stay(*states: str) -> Moves:
    return {state: frozenset({state}) for state in states}


def _to(target: str, *states: str) -> Moves:
    return {state: frozenset({target}) for state in states}


_MOVES: Final[Mapping[str, Moves]] = {
    RECEIVED: _to("registered", BEFORE),
    "handed_over": {**_stay(*OPEN), **_to("handed_over", "registered")},
    "investigation_started": _to("investigating", "registered", "handed_over"),
    "opinion_given": _to("opinion_given", "handed_over", "investigating", "opinion_given"),
    "warning_settled": _to("opinion_given", "handed_over", "investigating", "opinion_given"),
    "measure_proposed": _stay(*_AFTER_OPINION),
    "compensation_proposed": _stay(*OPEN, "resolved", "revisited"),
    "compensation_approved": _stay(*OPEN, "resolved", "revisited"),
    "compensation_refused": _stay(*OPEN, "resolved", "revisited"),
    "compensation_paid": _stay(*OPEN, *_DONE),
    "approved": _stay(*_AFTER_OPINION),
    "rejected": _to("opinion_given", *_AFTER_OPINION),
    "plan_agreed": _to("agreed", "opinion_given"),
    "treatment_started": _to("in_treatment", "opinion_given", "agreed"),
    "checked": {"in_treatment": frozenset({"in_treatment", "checked"})},
    "objected": _to("investigating", *_AFTER_OPINION),
    "resolved": _to("resolved", *_AFTER_OPINION),
    "reaction_recorded": _stay(*_DONE),
    "revisited": _to("revisited", "resolved"),
    "improvement_set": _stay(*OPEN, "resolved", "revisited"),
    "effect_checked": _stay(*OPEN, "resolved", "revisited"),
    "improvement_followed_up": _stay("closed"),
    "evidence_added": _stay(*OPEN, *_DONE),
    "fed_back": _stay(*OPEN, *_DONE),
    "urged": _stay(*OPEN, *_DONE),
    "closed": _to("closed", "revisited"),
    "withdrawn": _to("withdrawn", *OPEN),
    "reopened": _to("investigating", *_DONE, "withdrawn"),
    "visit_done": _stay(*OPEN, *_DONE),
    "personal_data_erased": _stay(*OPEN, *_DONE, "withdrawn"),
}
_OF_ANSWERED: Final[Mapping[str, Moves]] = {"resolved": _to("resolved", *OPEN), "closed": _to("closed", "resolved")}
WHILE_OPEN: Final = frozenset(fact for fact in FACTS if not _MOVES.get(fact, _stay(*OPEN)).keys().isdisjoint(OPEN))
"""The facts that may happen to a case that is open."""


def life_of(kind: str | None) -> dict[str, Moves]:
    """Where each fact may lead a case of this kind, by the state it stands in."""
    special = _OF_ANSWERED if kind in _ANSWERED else {}
    return {fact: special.get(fact) or _MOVES.get(fact) or _stay(*OPEN) for fact in FACTS}
