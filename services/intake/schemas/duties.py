"""Joint analysis, feedback, urging and evidence: the steps' own fields, and the questions about tasks (IN-4, IN-21)."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema, fields
from marshmallow.validate import Length

from services.intake.domain.handling.tasks import STATES
from services.intake.domain.vocabulary import CAUSES
from services.intake.schemas.evidence import MOST_NAMED, evidence_list
from shared.base.fields import LINE, NAME, PAGE, CaseNumber, Choice, Flag, Moment, Region, Text, Whole
from shared.base.paging import MOST, after_field, limit_field


def _page(**more: Any) -> Text:
    return Text(PAGE, lines=True, **more)


def _department() -> Text:
    return Text(NAME, required=True)


STEP_FIELDS: Final[Mapping[str, Mapping[str, fields.Field[Any]]]] = {
    "request_analysis": {
        "departments": fields.List(_department(), required=True, validate=Length(1, MOST_NAMED)),
        "due_at": Moment(),
    },
    "give_finding": {
        "department": _department(),
        "finding": _page(required=True),
        "ours": Flag(required=True),
        "cause": Choice(CAUSES),
        "evidence": evidence_list(),
    },
    "excuse_department": {"department": _department(), "reason": _page(required=True)},
    "show_appraisal": {
        "grounds": _page(required=True),
        "evidence": evidence_list(),
        "how": Text(LINE),
        "next_steps": _page(),
    },
    "add_evidence": {"evidence": evidence_list(required=True), "about": _page()},
    "feed_back": {"department": _department(), "text": _page(required=True)},
    "follow_up": {
        "improvement_id": Text(NAME, required=True),
        "effective": Flag(required=True),
        "text": _page(),
        "evidence": evidence_list(),
    },
    "urge": {"task_id": Text(NAME, required=True), "text": _page()},
}


class Tasks(Schema):
    """Tasks over all cases; open ones unless `state` or `overdue` asks for others."""

    department = Text(NAME)
    owner = Text(NAME)
    case_no = CaseNumber()
    region = Region()
    state = Choice(STATES)
    overdue = Flag()
    by = Text(NAME)
    limit = limit_field()
    after = after_field()


class RenewTasks(Schema):
    """Tasks are made again by the duties as they are now, so many cases at a time."""

    by = Text(NAME, required=True)
    limit = Whole(1, MOST, load_default=500)
    after = Whole(0, 2**53)
