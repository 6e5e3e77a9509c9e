"""The data of each event, as marshmallow schemas: what contract tests check and AsyncAPI is generated from."""

import marshmallow as ma
from marshmallow import fields

STATES = "running paused met breached late cancelled".split()


class Told(ma.Schema):
    """Something told by its owner; later versions may add fields."""

    class Meta:
        """Consumers pass over what they do not know."""

        unknown = ma.INCLUDE


class Fact(Told):
    """One thing that happened to a case; append-only."""

    seq = fields.Integer(required=True, strict=True)
    fact = fields.String(required=True)
    at = fields.AwareDateTime(required=True, format="iso")
    recorded_at = fields.AwareDateTime(required=True, format="iso")
    by = fields.String(required=True)
    key = fields.String()
    due_at = fields.AwareDateTime(format="iso")
    set = fields.Dict(keys=fields.String())
    voids = fields.String()
    text = fields.String()


class Case(Told):
    """A case with all its facts; what its customer told stays with intake."""

    case_no = fields.String(required=True, validate=ma.validate.Regexp(r"\d{12}"))
    mode = fields.String(required=True, validate=ma.validate.OneOf(["live", "history"]))
    version = fields.Integer(required=True, strict=True)
    state = fields.String(required=True)
    waiting = fields.Boolean(required=True)
    kind = fields.String(required=True)
    channel = fields.String(required=True)
    region = fields.String(required=True)
    category = fields.String(allow_none=True)
    severity = fields.String(required=True)
    verifiable = fields.Boolean(required=True)
    owner = fields.String(allow_none=True)
    facts = fields.List(fields.Nested(Fact), required=True)
    milestones = fields.Dict(keys=fields.String(), required=True)


class CaseEvent(Told):
    """A fact, and the case that it made."""

    case = fields.Nested(Case, required=True)
    fact = fields.Nested(Fact, required=True)


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
