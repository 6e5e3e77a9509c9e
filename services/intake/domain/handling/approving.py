"""Who approves, refuses and is named on the handling form, and when (IN-9)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.intake.domain.case import Case
from services.intake.domain.facts import Draft
from services.intake.domain.handling.form import IN_TURN, Form
from services.intake.domain.refusals import not_now
from services.intake.domain.rules import without
from shared.kernel.vocabulary import HISTORY

Fields = Mapping[str, Any]


def name_approvers(_case: Case, fields: Fields, _at: datetime) -> Draft:
    """Whose approval it needs from now on, and whether one after the other."""
    return Draft(name="approvers_named", detail=fields)


def approve(case: Case, fields: Fields, _at: datetime) -> Draft:
    """A department's approval: once a round, of those named only, and in their turn."""
    department, form = fields["department"], case.handling.form
    if case.mode != HISTORY:
        _refuse_stranger(case, department)
        if form.has_approved(department):
            why = f"{department} has approved in this round already"
            raise not_now(case, why, round=form.round, waits_for=form.waits_for())
        _refuse_out_of_turn(case, department)
    return _signed("approved", fields)


def reject(case: Case, fields: Fields, _at: datetime) -> Draft:
    """A department's refusal; with it the case goes back to the customer."""
    if case.mode != HISTORY:
        _refuse_stranger(case, fields["department"])
        _refuse_out_of_turn(case, fields["department"])
    return _signed("rejected", fields)


def next_in_turn(form: Form) -> str | None:
    """Whose turn it is, where they approve one after the other; None once all have."""
    if form.order != IN_TURN:
        return None
    left = form.waits_for() or [each for each in form.approvers if not form.has_approved(each)]
    return left[0] if left else None


def _signed(fact: str, fields: Fields) -> Draft:
    return Draft(name=fact, key=fields["department"], detail=without(fields, "department"))


def _refuse_stranger(case: Case, department: str) -> None:
    named = case.handling.form.approvers
    if named and department not in named:
        why = f"{department} is not asked; named are {', '.join(named)}"
        raise not_now(case, why, approvers=list(named))


def _refuse_out_of_turn(case: Case, department: str) -> None:
    turn = next_in_turn(case.handling.form)
    if turn is not None and turn != department:
        raise not_now(case, f"they approve in turn, and it is the turn of {turn}", next=turn)
