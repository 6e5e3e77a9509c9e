"""What a case needs before it closes, by severity, and when a call back reopens it: an operator's data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from shared.kernel.reading import Part, Problems
from shared.kernel.vocabulary import SEVERITIES

RESULT: Final = "result"
REACTION: Final = "reaction"
CAUSE: Final = "cause"
IMPROVEMENT: Final = "improvement"
APPROVALS: Final = "approvals"
APPRAISAL: Final = "appraisal"
COMPENSATION: Final = "compensation"
NEEDS: Final = (RESULT, REACTION, CAUSE, IMPROVEMENT, APPROVALS, APPRAISAL, COMPENSATION)
FILE: Final = ("needs", "score_limit")
TOP_SCORE: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingRules:
    """By severity; one that is not named needs nothing."""

    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    score_limit: int | None = None
    """A score below it at the call back reopens the case; None: a call back reopens nothing."""


def read_closing(data: Any, file: str) -> ClosingRules:
    """The rules in a file's data; raises Misconfigured that names file, field and remedy of each problem."""
    problems = Problems()
    top = Part(data, "", problems)
    top.mapping(FILE)
    needs = {severity: _needs(part) for severity, part in top.at("needs", {}).entries(SEVERITIES).items()}
    limit = top.at("score_limit").whole(0, TOP_SCORE)
    problems.refuse(file)
    return ClosingRules(needs=needs, score_limit=limit)


def _needs(part: Part) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.one_of(NEEDS, "need") for each in part.items()))
