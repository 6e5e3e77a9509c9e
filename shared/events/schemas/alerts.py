"""Warnings to the teams of a region (contracts 6)."""

import marshmallow as ma
from marshmallow import fields

from shared.events.schemas.told import Told, Words
from shared.kernel.alert_topics import ALERT_KINDS


class Alert(Told):
    """A warning to a region; holds no personal data (contracts 6)."""

    alert_id = fields.String(required=True)
    kind = fields.String(
        required=True,
        validate=ma.validate.OneOf(ALERT_KINDS),
    )
    severity = fields.String(required=True)
    region = fields.String(required=True)
    at = fields.AwareDateTime(required=True, format="iso")
    text = fields.Nested(Words, required=True)
    case_no = fields.String()
    order_no = fields.String()
    clock = fields.String()
    due_at = fields.AwareDateTime(format="iso")


class AlertRaised(Told):
    """An alert; the same body goes out on the exchange `alerts`."""

    alert = fields.Nested(Alert, required=True)
