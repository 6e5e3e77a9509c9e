"""What single steps ask beyond their row of the table, and the facts that they draft."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from services.intake.domain.case import Case
from services.intake.domain.dating import refuse_past
from services.intake.domain.facts import Draft
from services.intake.domain.personal import refuse_personal
from services.intake.domain.threads import APPOINTMENT, AUTHORITY, OPEN, UNNAMED
from services.intake.domain.vocabulary import severity_rank
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.vocabulary import SEVERITIES

Fields = Mapping[str, Any]

PASSED_ON: Final = ("kind", "channel", "region", "category", "verifiable", "complained_about")
"""Attributes that a correction tells everybody; free text and personal data stay with intake."""


def correct(case: Case, fields: Fields, _at: datetime) -> Draft:
    """New values of attributes; the old ones stay in the history (IN-2)."""
    asked = fields["set"]
    changed = {name: asked[name] for name in PASSED_ON if name in asked}
    if "product" in asked:
        changed["product"] = _product(merged(case.product, asked["product"]))
    return Draft(name="corrected", set=changed, detail=fields)


def _product(product: dict[str, Any]) -> dict[str, Any]:
    quantity, defective = product.get("quantity"), product.get("defective_quantity")
    if quantity is not None and defective is not None and defective > quantity:
        raise Invalid.field("set.product.defective_quantity", "would be more than quantity")
    return product


def reply(case: Case, fields: Fields, at: datetime) -> Draft:
    """Only a reply that says what will be done *and* by when has a due instant (SLA table, first_response).

    It is for the customer alone, and may call them by their name.
    """
    due = fields.get("by_when") if fields.get("plan") else None
    refuse_past(due, at, case.mode, "by_when")
    return Draft(name="replied", due_at=due, text=fields["text"], detail=without(fields, "text"))


def give_opinion(case: Case, fields: Fields, _at: datetime) -> list[Draft]:
    """An opinion; the one on a first complaint settles the warning notice too (ES-6)."""
    opinion = Draft(name="opinion_given", detail=without(fields, "warning", "no_warning_reason"))
    if "warning" in fields:
        notice = fields["warning"]["text"]
        refuse_personal(notice, case.customer, "warning.text")
        return [opinion, Draft(name="warning_settled", set={"warning": True}, text=notice)]
    if "no_warning_reason" in fields:
        reason = {"no_warning_reason": fields["no_warning_reason"]}
        return [opinion, Draft(name="warning_settled", set={"warning": False}, detail=reason)]
    if case.is_first_complaint and "warning_settled" not in case.milestones:
        raise Invalid.field("warning", "a first complaint needs a warning notice, or no_warning_reason")
    return [opinion]


def determine_cause(_case: Case, fields: Fields, _at: datetime) -> Draft:
    """The cause that analysis found, and the department it belongs to: the first one named."""
    found = {"cause": fields["cause"], "department": fields["departments"][0]}
    return Draft(name="cause_determined", set=found, detail=fields)


def raise_severity(case: Case, fields: Fields, _at: datetime) -> Draft:
    """Severity only rises (IN-5)."""
    asked = fields["severity"]
    higher = [each for each in SEVERITIES if severity_rank(each) > severity_rank(case.severity)]
    if asked not in higher:
        why = f"case {case.case_no} is {case.severity} already; severity only rises"
        raise Conflict(why, {"state": case.state, "severity": case.severity, "legal": higher})
    return Draft(name="severity_raised", set={"severity": asked}, detail=without(fields, "severity"))


def link_repeat(case: Case, fields: Fields, _at: datetime) -> Draft:
    """Linked to the first case of the matter (IN-20)."""
    first = fields["repeat_of"]
    if first == case.case_no:
        raise Conflict(f"case {first} cannot repeat itself", {"state": case.state, "repeat_of": first})
    return Draft(name="repeat_linked", set={"repeat_of": first}, detail=without(fields, "repeat_of"))


def unlink_repeat(_case: Case, fields: Fields, _at: datetime) -> Draft:
    """A matter of its own again."""
    return Draft(name="repeat_unlinked", set={"repeat_of": None}, detail=fields)


def involve_authority(case: Case, fields: Fields, _at: datetime) -> Draft:
    """An authority's notice; its date is taken as it is, even when it is over (SLA table, authority_reply)."""
    reference = fields.get("reference")
    if case.threads.of(AUTHORITY).get(reference or UNNAMED) == OPEN:
        why = f"case {case.case_no} has an open notice under this reference; give the reference of the new one"
        raise Conflict(why, {"state": case.state, "open": case.threads.open(AUTHORITY)})
    return authority_draft(fields["authority"], reference, fields.get("reply_due_at"))


def authority_draft(name: str, reference: str | None, due: datetime | None) -> Draft:
    """The fact that an authority is involved."""
    return Draft(name="authority_involved", key=reference, due_at=due, set={"authority": name})


def make_appointment(case: Case, fields: Fields, at: datetime) -> Draft:
    """An agreed time, perhaps in place of an earlier one (IN-15)."""
    visit, until = fields["visit_at"], fields.get("visit_until")
    if until is not None and until < visit:
        raise Invalid.field("visit_until", "is before visit_at")
    refuse_past(until or visit, at, case.mode, "visit_until" if until else "visit_at")
    replaced = fields.get("replaces")
    if replaced is not None:
        _refuse_not_open(case, replaced)
    return Draft(name="appointment_made", due_at=until or visit, voids=replaced, detail=without(fields, "replaces"))


def _refuse_not_open(case: Case, appointment: str) -> None:
    state = case.threads.of(APPOINTMENT).get(appointment)
    if state is None:
        raise NotFound(f"case {case.case_no} has no appointment {appointment}", {"replaces": appointment})
    if state != OPEN:
        still = case.threads.open(APPOINTMENT)
        raise Conflict(f"appointment {appointment} is {state}", {"state": case.state, "open": still})


def resolve(_case: Case, fields: Fields, _at: datetime) -> Draft:
    """What was done, in words for the customer (IN-8)."""
    return Draft(name="resolved", text=fields["result"], detail=without(fields, "result"))


def without(fields: Fields, *names: str) -> dict[str, Any]:
    """The fields but these."""
    return {name: value for name, value in fields.items() if name not in names}


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The old values with the new ones over them; a new None takes a value away."""
    return {name: value for name, value in {**old, **new}.items() if value is not None}
