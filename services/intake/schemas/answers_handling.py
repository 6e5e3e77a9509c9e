"""How a case is handled, as answers show it."""

from marshmallow import Schema, fields

from services.intake.domain.handling.form import ORDERS
from services.intake.schemas.common import nested
from shared.base.fields import Choice, Flag, Moment, Whole


class MissingThing(Schema):
    """Something that is not there yet, and what brings it."""

    what = fields.String(required=True)
    remedy = fields.String(required=True)


class SignedBy(Schema):
    """A measure or an approval of a department."""

    department = fields.String(required=True)
    by = fields.String(required=True)
    at = Moment(required=True)
    round = Whole(1, required=True)
    seq = Whole(1, required=True)


class HandlingForm(Schema):
    """The handling form: `next` is whose turn it is, `waits_for` whose approval is missing in this round."""

    round = Whole(1, required=True)
    measures = fields.List(nested(SignedBy), required=True)
    approvers = fields.List(fields.String(), required=True)
    named = Flag(required=True)
    order = Choice(ORDERS)
    next = fields.String()
    approvals = fields.List(nested(SignedBy), required=True)
    waits_for = fields.List(fields.String(), required=True)
    approved = Flag(required=True)
    plan = fields.Dict()
    missing_to_treat = fields.List(nested(MissingThing), required=True)


class Closing(Schema):
    """What is missing before the case may close."""

    missing = fields.List(nested(MissingThing), required=True)


class Handling(Schema):
    """How a case is handled; of a mild one only what there is."""

    form = nested(HandlingForm)
    analysis = fields.Dict()
    improvements = fields.List(fields.Dict())
    compensation = fields.List(fields.Dict())
    closing = nested(Closing)
