"""`take_step`: one schema per step, as data beside the table of the domain."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length

from services.intake.domain.dating import Actor
from services.intake.domain.steps import TABLE
from services.intake.domain.take import Asked
from services.intake.domain.vocabulary import CAUSES
from services.intake.schemas.common import CustomerSchema, ProductSchema, complained_about, nested, nullable
from services.intake.schemas.duties import STEP_FIELDS
from services.intake.schemas.evidence import evidence_list
from services.intake.schemas.handling import HANDLING_STEPS
from shared.base.fields import LINE, NAME, PAGE, CaseNumber, Choice, Flag, Moment, Region, Text, Whole
from shared.kernel.vocabulary import CATEGORIES, CHANNELS, KINDS, SEVERITIES

TOP_SCORE: Final = 10
_MOST_NAMED: Final = 20


class StepRequest(Schema):
    """What every step carries."""

    case_no = CaseNumber(required=True)
    step = Choice(tuple(TABLE), required=True)
    by = Text(NAME, required=True)
    at = Moment()
    at_reason = Text(PAGE, lines=True)
    expected_version = Whole()


class ChangesSchema(Schema):
    """What a correction may set; severity is raised, owner and repeats have steps of their own."""

    kind = Choice(KINDS)
    channel = Choice(CHANNELS)
    region = Region()
    category = Choice(CATEGORIES, allow_none=True)
    verifiable = Flag()
    subject = Text(LINE)
    description = Text(PAGE, lines=True)
    demand = Text(PAGE, lines=True, allow_none=True)
    product = fields.Nested(nullable(ProductSchema))
    customer = fields.Nested(nullable(CustomerSchema))
    complained_about = complained_about()

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _something(self, _data: Any, original: Any, **_more: Any) -> None:
        if original == {}:
            raise ValidationError("sets nothing")


class NoticeSchema(Schema):
    """A warning notice to the region."""

    text = Text(PAGE, lines=True, required=True)


class OpinionRequest(StepRequest):
    """`give_opinion`: a notice or the reason for none, not both."""

    accountable = Text(NAME, required=True)
    text = Text(PAGE, lines=True, required=True)
    warning = nested(NoticeSchema)
    no_warning_reason = Text(PAGE, lines=True)

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _one_of_them(self, _data: Any, original: Any, **_more: Any) -> None:
        if isinstance(original, dict) and {"warning", "no_warning_reason"} <= original.keys():
            raise ValidationError("give warning or no_warning_reason, not both", "warning")


def _page(**more: Any) -> Text:
    return Text(PAGE, lines=True, **more)


def _needed() -> Text:
    return _page(required=True)


def _name(**more: Any) -> Text:
    return Text(NAME, required=True, **more)


_FIELDS: Final[Mapping[str, Mapping[str, fields.Field[Any]]]] = {
    "correct": {"set": nested(ChangesSchema, required=True), "reason": _needed()},
    "hand_over": {"owner": _name()},
    "start_investigation": {},
    "inspect": {
        "findings": _needed(),
        "evidence": evidence_list(),
    },
    "give_relief": {"what": _needed()},
    "reply": {"text": _needed(), "plan": _page(), "by_when": Moment()},
    **HANDLING_STEPS,
    **STEP_FIELDS,
    "propose_measure": {"department": _name(), "measure": _needed()},
    "approve": {"department": _name(), "reason": _page()},
    "reject": {"department": _name(), "reason": _page()},
    "agree_plan": {"text": _needed(), "subject_to_approval": Flag()},
    "start_treatment": {},
    "check": {"passed": Flag(required=True), "text": _page(), "evidence": evidence_list()},
    "record_progress": {"text": _needed(), "evidence": evidence_list()},
    "wait_for_customer": {"reason": _needed()},
    "resume": {},
    "determine_cause": {
        "cause": Choice(CAUSES, required=True),
        "departments": fields.List(_name(), required=True, validate=Length(1, _MOST_NAMED)),
        "grounds": _needed(),
        "ours": Flag(required=True),
        "evidence": evidence_list(),
    },
    "raise_severity": {"severity": Choice(SEVERITIES, required=True), "reason": _needed()},
    "object": {"text": _needed()},
    "link_repeat": {"repeat_of": CaseNumber(required=True), "reason": _needed()},
    "unlink_repeat": {"reason": _needed()},
    "involve_authority": {"authority": _name(), "reference": Text(NAME), "reply_due_at": Moment()},
    "reply_to_authority": {"reference": Text(NAME)},
    "report_to_head": {},
    "receive_report": {"text": _needed(), "evidence": evidence_list()},
    "give_team_opinion": {"accountable": _name(), "text": _needed()},
    "make_appointment": {
        "visit_at": Moment(required=True),
        "visit_until": Moment(),
        "replaces": Text(NAME),
    },
    "arrive": {"appointment_id": Text(NAME)},
    "promise": {"what": _needed(), "due_at": Moment(required=True)},
    "keep_promise": {"promise_id": _name()},
    "resolve": {"result": _needed(), "accountable": _name()},
    "record_reaction": {"text": _needed(), "score": Whole(0, TOP_SCORE)},
    "revisit": {
        "satisfied": Flag(required=True),
        "score": Whole(0, TOP_SCORE),
        "text": _page(),
        "demand_met": Flag(),
    },
    "improve": {"measure": _needed(), "owner": _name(), "due_at": Moment(required=True)},
    "check_effect": {"improvement_id": _name(), "effective": Flag(required=True), "evidence": evidence_list()},
    "close": {},
    "withdraw": {"reason": _needed()},
    "reopen": {"reason": _needed()},
}

STEPS: Final[Mapping[str, Schema]] = {
    "give_opinion": OpinionRequest(),
    **{step: StepRequest.from_dict({**own}, name=f"{step}_request")() for step, own in _FIELDS.items()},
}
_UNKNOWN_STEP: Final = StepRequest(unknown=EXCLUDE)
COMMON: Final = frozenset(StepRequest().fields)
"""The fields that every step has; the others are the step's own."""


class TakeStep(Schema):
    """Any step's request: read by the schema of the step that it names."""

    variants = STEPS
    told_by = "step"

    def load(self, data: Any, **options: Any) -> Any:
        """The validated request; raises ValidationError."""
        step = data.get("step") if isinstance(data, dict) else None
        schema = STEPS.get(step, _UNKNOWN_STEP) if isinstance(step, str) else _UNKNOWN_STEP
        return schema.load(data, **options)


def to_asked(data: Mapping[str, Any], actor: Actor, marks: Mapping[str, Any]) -> Asked:
    """The step that a loaded request asks for; `marks` go into the history with it."""
    return Asked(
        step=data["step"],
        actor=actor,
        fields={name: value for name, value in data.items() if name not in COMMON},
        at=data.get("at"),
        at_reason=data.get("at_reason"),
        expected_version=data.get("expected_version"),
        marks=marks,
    )
