"""What sla says: a clock, and what belongs to its case."""

import marshmallow as ma
from marshmallow import fields

from shared.events.schemas.told import Told

STATES = "running paused met breached late cancelled".split()


class Clock(Told):
    """One generation of a clock (contracts 4)."""

    clock = fields.String(required=True)
    case_no = fields.String(required=True)
    key = fields.String(allow_none=True)
    generation = fields.Integer(required=True, strict=True)
    revision = fields.Integer(required=True, strict=True)
    state = fields.String(required=True, validate=ma.validate.OneOf(STATES))
    started_at = fields.AwareDateTime(required=True, format="iso")
    due_at = fields.AwareDateTime(required=True, format="iso")
    stopped_at = fields.AwareDateTime(format="iso", allow_none=True)
    breached_at = fields.AwareDateTime(format="iso", allow_none=True)
    warned = fields.List(fields.Float(), required=True)
    used_seconds = fields.Float(required=True)
    left_seconds = fields.Float(required=True)
    provisional = fields.Boolean(required=True)
    policy_version = fields.String(required=True)
    calendar_version = fields.String(required=True)


class CaseOfClock(Told):
    """What a listener needs to know of a clock's case."""

    case_no = fields.String(required=True)
    mode = fields.String(required=True)
    kind = fields.String(required=True)
    region = fields.String(required=True)
    category = fields.String(required=True, allow_none=True)
    severity = fields.String(required=True)
    owner = fields.String(required=True, allow_none=True)


class ClockEvent(Told):
    """A clock, and what belongs to its case."""

    clock = fields.Nested(Clock, required=True)
    case = fields.Nested(CaseOfClock, required=True)
