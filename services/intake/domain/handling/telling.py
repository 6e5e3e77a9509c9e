"""How a case is handled, for those who work on it: the form, the money, and what is missing before it closes."""

from datetime import tzinfo
from typing import Any

from services.intake.domain.case import Case
from services.intake.domain.handling.approving import next_in_turn
from services.intake.domain.handling.book import Handbook
from services.intake.domain.handling.form import BLANK, Form, Signed
from services.intake.domain.handling.gate import MILDEST, Missing, missing_to_close, missing_to_treat
from services.intake.domain.handling.telling_analysis import analysis_as_wire
from services.intake.domain.vocabulary import CLOSED, WITHDRAWN
from services.intake.domain.wire import Wire, zone_of
from shared.kernel.instants import format_instant


def handling_as_wire(case: Case, book: Handbook) -> Wire:
    """`handling` of a case; a mild case of which nothing is kept has none."""
    handling, zone = case.handling, zone_of(case.region)
    told: Wire = {}
    if case.severity != MILDEST or handling.form != BLANK:
        told["form"] = _form(handling.form, zone) | {"missing_to_treat": _told(missing_to_treat(case, book))}
    if handling.compensation.all:
        all_of_it = handling.compensation.all.items()
        told["compensation"] = [{"compensation_id": key, **each.kept()} for key, each in all_of_it]
    told |= analysis_as_wire(case, book.duties)
    if book.closing.needs.get(case.severity) and case.state not in (CLOSED, WITHDRAWN):
        told["closing"] = {"missing": _told(missing_to_close(case, book))}
    return {"handling": told} if told else {}


def _form(form: Form, zone: tzinfo) -> Wire:
    plan = form.plan
    optional: Wire = {
        "order": form.order,
        "next": next_in_turn(form),
        "plan": {"subject_to_approval": plan.subject_to_approval, "stands": plan.stands} if plan else None,
    }
    return {
        "round": form.round,
        "measures": [_signed(each, zone) for each in form.measures],
        "approvers": list(form.required()),
        "named": bool(form.approvers),
        "approvals": [_signed(each, zone) for each in form.approvals],
        "waits_for": form.waits_for(),
        "approved": form.is_approved(),
        **{name: value for name, value in optional.items() if value is not None},
    }


def _signed(signed: Signed, zone: tzinfo) -> dict[str, Any]:
    return {**signed.kept(), "at": format_instant(signed.at, zone)}


def _told(missing: list[Missing]) -> list[dict[str, str]]:
    return [each.told() for each in missing]
