"""Both classifications of a case, and what was done against recurrence, for those who work on it (IN-4, IN-14)."""

from datetime import tzinfo
from typing import Any

from services.intake.domain.case import Case
from services.intake.domain.handling.analysis import Asked
from services.intake.domain.handling.duties import Duties
from services.intake.domain.handling.improvements import Improvement
from services.intake.domain.wire import Wire, zone_of
from shared.kernel.instants import format_instant

EFFECT = {None: "open", True: "effective", False: "without_effect"}


def analysis_as_wire(case: Case, duties: Duties) -> Wire:
    """`analysis` and `improvements`; nothing where nobody was asked and nothing was found or set."""
    analysis, zone = case.handling.analysis, zone_of(case.region)
    told: Wire = {}
    if analysis.asked or analysis.judged:
        told["analysis"] = _analysis(case, duties, zone)
    if improvements := case.handling.improvements.all:
        told["improvements"] = [_improvement(key, each, zone) for key, each in improvements.items()]
    return told


def _analysis(case: Case, duties: Duties, zone: tzinfo) -> Wire:
    """What the customer says it is, what was found, and by whom."""
    analysis = case.handling.analysis
    judged = analysis.judged
    shown = case.milestones.get("appraisal_shown")
    found: Wire = {
        "cause": case.cause,
        "departments": [_named(each, duties) for each in judged.departments] if judged else None,
        "ours": analysis.ours,
        "appraisal_shown_at": format_instant(shown, zone) if shown else None,
    }
    return {
        "category": case.category,
        **{name: value for name, value in found.items() if value is not None},
        "asked": [_named(name, duties) | _asked(each, zone) for name, each in analysis.asked.items()],
        "missing": analysis.missing(),
    }


def _named(department: str, duties: Duties) -> dict[str, Any]:
    return {"department": department, "name": duties.names_of(department).to_json()}


def _asked(asked: Asked, zone: tzinfo) -> dict[str, Any]:
    instants = {"due_at": asked.due_at, "settled_at": asked.settled_at}
    optional: dict[str, Any] = {name: format_instant(at, zone) for name, at in instants.items() if at}
    found = {"ours": asked.ours, "cause": asked.cause}
    optional |= {name: value for name, value in found.items() if value is not None}
    return {"asked_at": format_instant(asked.at, zone), "state": asked.state, **optional}


def _improvement(key: str, each: Improvement, zone: tzinfo) -> dict[str, Any]:
    instants = {"set_at": each.at, "due_at": each.due_at, "checked_at": each.checked_at}
    told = {name: format_instant(at, zone) for name, at in instants.items() if at}
    return {"improvement_id": key, "owner": each.owner, "effect": EFFECT[each.effective], **told}
