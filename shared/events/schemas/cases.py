"""What intake says: a case with all its facts."""

import marshmallow as ma
from marshmallow import fields

from shared.events.schemas.told import Told


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
