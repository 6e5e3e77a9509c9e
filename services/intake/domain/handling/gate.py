"""What is still missing before a step that ends something: treatment agreed subject to approval, and closing (IN-9).

Relief is never asked for any of it (IN-6), and the past is what it was: a case of mode `history` needs nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from services.intake.domain.case import Case
from services.intake.domain.handling.book import Handbook
from services.intake.domain.handling.closing_rules import (
    APPRAISAL,
    APPROVALS,
    CAUSE,
    COMPENSATION,
    IMPROVEMENT,
    REACTION,
    RESULT,
)
from services.intake.domain.handling.compensation import APPROVED, PROPOSED
from services.intake.domain.vocabulary import ANSWERED_KINDS
from shared.kernel.vocabulary import HISTORY, SEVERITIES

MILDEST: Final = SEVERITIES[0]
_OF_HANDLING: Final = frozenset((CAUSE, IMPROVEMENT, APPROVALS, APPRAISAL))
"""What comes of working a case out, which begins with an opinion."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is not there yet, and what brings it."""

    what: str
    remedy: str

    def told(self) -> dict[str, str]:
        """As plain data."""
        return {"what": self.what, "remedy": self.remedy}


def missing_to_treat(case: Case, _book: Handbook) -> list[Missing]:
    """What keeps a serious case's plan, agreed subject to approval, from being carried out."""
    plan = case.handling.form.plan
    if case.mode == HISTORY or case.severity == MILDEST or plan is None or not plan.subject_to_approval:
        return []
    agreed = [] if plan.stands else [Missing("plan", "agree one with the customer again: `agree_plan`")]
    return [*agreed, *_approvals(case)]


def missing_to_close(case: Case, book: Handbook) -> list[Missing]:
    """What a case of this severity lacks before it may close."""
    if case.mode == HISTORY:
        return []
    needs = book.closing.needs.get(case.severity, ())
    if case.kind in ANSWERED_KINDS and "opinion_given" not in case.milestones:
        needs = tuple(need for need in needs if need not in _OF_HANDLING)  # an answer was all it took (IN-13)
    return [missing for need in needs for missing in _LACKING[need](case)]


def _result(case: Case) -> Iterator[Missing]:
    if "resolved" not in case.milestones:
        yield Missing("result", "say what was done: `resolve`")


def _reaction(case: Case) -> Iterator[Missing]:
    """The reaction to this result, not to an earlier one."""
    said, resolved = case.milestones.get("reaction_recorded"), case.milestones.get("resolved")
    if said is None or (resolved is not None and said < resolved):
        yield Missing("reaction", "write down what the customer says of the result: `record_reaction`")


def _cause(case: Case) -> Iterator[Missing]:
    if case.cause is None or case.department is None:
        yield Missing("cause", _while_open(case, "name cause and department: `determine_cause`"))


def _improvement(case: Case) -> Iterator[Missing]:
    if "improvement_set" not in case.milestones:
        yield Missing("improvement", "set a measure against recurrence: `improve`")


def _approvals(case: Case) -> Iterator[Missing]:
    form = case.handling.form
    if form.is_approved():
        return
    for department in form.waits_for():
        yield Missing(f"approval of {department}", _while_open(case, f"`approve` by {department}"))
    if not form.required():
        remedy = "`propose_measure` by a department, or `name_approvers`; then `approve`"
        yield Missing("approvals", _while_open(case, remedy))


def _appraisal(case: Case) -> Iterator[Missing]:
    """Who is told that it is not ours is shown why (IN-4)."""
    shown, judged = case.milestones.get("appraisal_shown"), case.milestones.get("cause_determined")
    if case.handling.analysis.ours is False and (shown is None or (judged is not None and shown < judged)):
        yield Missing(
            "appraisal", _while_open(case, "show the customer the appraisal and its grounds: `show_appraisal`")
        )


def _compensation(case: Case) -> Iterator[Missing]:
    for key, each in case.handling.compensation.all.items():
        if each.state == PROPOSED:
            yield Missing(f"decision on compensation {key}", "`approve_compensation` or `refuse_compensation`")
        if each.state == APPROVED:
            yield Missing(f"payment of compensation {key}", "`pay_compensation`, or `refuse_compensation`")


def _while_open(case: Case, remedy: str) -> str:
    return remedy if case.is_open else f"`reopen` it, then {remedy}"


_LACKING: Final[Mapping[str, Callable[[Case], Iterator[Missing]]]] = {
    RESULT: _result,
    REACTION: _reaction,
    CAUSE: _cause,
    IMPROVEMENT: _improvement,
    APPROVALS: _approvals,
    APPRAISAL: _appraisal,
    COMPENSATION: _compensation,
}
