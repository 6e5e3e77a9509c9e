"""What escalation says: who must act, who did, which teams stand."""

import marshmallow as ma
from marshmallow import fields

from shared.events.schemas.clocks import CaseOfClock
from shared.events.schemas.told import Told


class OrderNamed(Told):
    """What a listener needs to know of a work order that escalated."""

    order_no = fields.String(required=True)
    level = fields.String(required=True)
    region = fields.String(required=True)
    due_on = fields.Date(required=True)
    technician = fields.String(allow_none=True)


class Escalation(Told):
    """One walk up a ladder, about a case or about an overdue order."""

    escalation_id = fields.String(required=True)
    ladder = fields.String(required=True)
    state = fields.String(required=True, validate=ma.validate.OneOf(["open", "acknowledged", "resolved"]))
    level = fields.Integer(required=True, strict=True, validate=ma.validate.Range(1, 4))
    region = fields.String(required=True)
    severity = fields.String(required=True)
    opened_at = fields.AwareDateTime(required=True, format="iso")
    case_no = fields.String()
    order_no = fields.String()


class Trigger(Told):
    """Why a ladder is walked: what happened (ES-2), to which clock, when."""

    what = fields.String(required=True)
    at = fields.AwareDateTime(required=True, format="iso")
    clock = fields.String()
    rule = fields.String()


class Target(Told):
    """Somebody a step reaches: a person's id, the role they are asked in, the code with which they acknowledge."""

    person = fields.String(required=True)
    role = fields.String(required=True)
    code = fields.String(required=True)


class Step(Told):
    """A step of a ladder as it was reached."""

    number = fields.Integer(required=True, strict=True)
    level = fields.Integer(required=True, strict=True)
    urgent = fields.Boolean(required=True)
    targets = fields.List(fields.Nested(Target), required=True, validate=ma.validate.Length(1))
    rule = fields.String(required=True)


class EscalationEvent(Told):
    """An escalation, and the case or the order that it is about."""

    escalation = fields.Nested(Escalation, required=True)
    case = fields.Nested(CaseOfClock)
    order = fields.Nested(OrderNamed)


class EscalationRaised(EscalationEvent):
    """It began, or a later reason raised its level."""

    trigger = fields.Nested(Trigger, required=True)


class StepReached(EscalationRaised):
    """These people have to act now; `trigger` is the newest reason."""

    step = fields.Nested(Step, required=True)


class EscalationSettled(EscalationEvent):
    """Somebody acknowledged or resolved it."""

    by = fields.String(required=True)
    at = fields.AwareDateTime(required=True, format="iso")
    reason = fields.String()


class Team(Told):
    """Who handles a major case together (S0 7.6.8)."""

    leader = fields.String(required=True)
    members = fields.List(fields.String(), required=True)
    visit_at = fields.AwareDateTime(format="iso", allow_none=True)


class TeamFormed(Told):
    """A team stands."""

    case = fields.Nested(CaseOfClock, required=True)
    team = fields.Nested(Team, required=True)
    by = fields.String(required=True)
    at = fields.AwareDateTime(required=True, format="iso")
