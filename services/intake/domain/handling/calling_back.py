"""What a call back may bring to light: somebody who is not content has their case back, one severity up (IN-17)."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.intake.domain.case import Case
from services.intake.domain.facts import Draft
from services.intake.domain.handling.book import Handbook
from services.intake.domain.vocabulary import severity_rank
from shared.kernel.vocabulary import HISTORY, SEVERITIES


def reopen_for(case: Case, fields: Mapping[str, Any], book: Handbook) -> list[Draft]:
    """The reopening that this call back asks for; nothing where the customer is content."""
    limit = book.closing.score_limit
    if limit is None or case.mode == HISTORY:
        return []
    reasons = list(_reasons(fields, limit))
    if not reasons:
        return []
    reopened = Draft(name="reopened", detail={"because": reasons, "score_limit": limit})
    rank = severity_rank(case.severity) + 1
    if rank == len(SEVERITIES):
        return [reopened]
    raised = Draft(name="severity_raised", set={"severity": SEVERITIES[rank]}, detail={"because": reasons})
    return [reopened, raised]


def _reasons(fields: Mapping[str, Any], limit: int) -> Iterator[str]:
    if fields.get("satisfied") is False:
        yield "not_satisfied"
    if fields.get("score") is not None and fields["score"] < limit:
        yield "score_under_limit"
    if fields.get("demand_met") is False:
        yield "demand_not_met"
