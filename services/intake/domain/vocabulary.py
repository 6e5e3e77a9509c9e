"""The words of a case that intake alone decides by (glossary of the requirements)."""

from typing import Final

from shared.kernel.vocabulary import HISTORY, LIVE, SEVERITIES

REVISITED_KINDS: Final = frozenset({"complaint", "repair", "dispute", "accident"})
"""Kinds that are closed only after a call back."""
ANSWERED_KINDS: Final = frozenset({"inquiry", "guidance", "suggestion"})
"""Kinds that an answer resolves, without an opinion (IN-13)."""

CAUSES: Final = ("quality_defect", "human_factor", "other")

MODES: Final = (LIVE, HISTORY)

REGISTERED: Final = "registered"
HANDED_OVER: Final = "handed_over"
INVESTIGATING: Final = "investigating"
OPINION_GIVEN: Final = "opinion_given"
AGREED: Final = "agreed"
IN_TREATMENT: Final = "in_treatment"
CHECKED: Final = "checked"
RESOLVED: Final = "resolved"
REVISITED: Final = "revisited"
CLOSED: Final = "closed"
WITHDRAWN: Final = "withdrawn"

OPEN: Final = (REGISTERED, HANDED_OVER, INVESTIGATING, OPINION_GIVEN, AGREED, IN_TREATMENT, CHECKED)
AFTER_OPINION: Final = (OPINION_GIVEN, AGREED, IN_TREATMENT, CHECKED)
STATES: Final = (*OPEN, RESOLVED, REVISITED, CLOSED, WITHDRAWN)

ERASED: Final = "personal_data_erased"
"""The fact that the customer's data were erased from a case (AL-4); no step writes it."""

HEAD_ACKNOWLEDGED: Final = "head_acknowledged"
TEAM_FORMED: Final = "team_formed"
VISIT_PLANNED: Final = "visit_planned"
VISIT_DONE: Final = "visit_done"
BROUGHT_BACK: Final = (HEAD_ACKNOWLEDGED, TEAM_FORMED, VISIT_PLANNED, VISIT_DONE)
"""Facts that other services bring back to a case (contracts 4)."""

HISTORY_SOURCE: Final = "system:import"
BACK_DATING_SOURCES: Final = frozenset({"system:phone", "system:mail", HISTORY_SOURCE})
"""Systems that record what happened earlier as a matter of course (contracts 4)."""


def severity_rank(severity: str) -> int:
    """How bad, as a number that compares."""
    return SEVERITIES.index(severity)
