"""What notify says: how far a message came."""

import marshmallow as ma
from marshmallow import fields

from shared.events.schemas.told import Told

MESSAGE_STATES = "accepted sending sent delivered failed expired unknown".split()


class Message(Told):
    """One message to one recipient on one channel; where it goes and what it says stay with notify."""

    message_id = fields.String(required=True)
    key = fields.String(required=True)
    channel = fields.String(required=True)
    audience = fields.String(required=True, validate=ma.validate.OneOf(["customer", "staff", "team", "ops"]))
    state = fields.String(required=True, validate=ma.validate.OneOf(MESSAGE_STATES))
    category = fields.String(required=True)
    attempts = fields.Integer(required=True, strict=True)
    urgent = fields.Boolean(required=True)
    template = fields.String(allow_none=True)
    person = fields.String(allow_none=True)
    case_no = fields.String(allow_none=True)
    order_no = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)


class MessageEvent(Told):
    """A message in a new state."""

    message = fields.Nested(Message, required=True)
