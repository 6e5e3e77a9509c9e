"""What maintenance says: orders, and the defects found on the way."""

import marshmallow as ma
from marshmallow import fields

from shared.events.schemas.told import Told, Words

LEVELS = "routine quarterly annual terminal".split()
ORDER_STATES = "planned scheduled in_progress done checked missed cancelled".split()


class Administrator(Told):
    """Who looks after the equipment at the customer's; notify reaches them here."""

    name = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    email = fields.String(allow_none=True)


class Equipment(Told):
    """What is maintained."""

    equipment_id = fields.String(required=True)
    model = fields.String(required=True)
    serial_no = fields.String(required=True)
    site = fields.String(allow_none=True)
    region = fields.String(required=True)
    administrator = fields.Nested(Administrator, allow_none=True)


class Order(Told):
    """A work order: one slot of one plan; `due_on` is its working day, by whose close it must be done."""

    order_no = fields.String(required=True)
    equipment_id = fields.String(required=True)
    level = fields.String(required=True, validate=ma.validate.OneOf(LEVELS))
    slot = fields.Integer(required=True, strict=True)
    state = fields.String(required=True, validate=ma.validate.OneOf(ORDER_STATES))
    region = fields.String(required=True)
    due_on = fields.Date(required=True)
    due_at = fields.AwareDateTime(required=True, format="iso")
    technician = fields.String(allow_none=True)
    visit_at = fields.AwareDateTime(format="iso", allow_none=True)
    visit_until = fields.AwareDateTime(format="iso", allow_none=True)
    reason = fields.String(allow_none=True)


class OrderEvent(Told):
    """An order, and the equipment that it is for."""

    order = fields.Nested(Order, required=True)
    equipment = fields.Nested(Equipment, required=True)
    case_no = fields.String()
    by = fields.String()
    at = fields.AwareDateTime(format="iso")


class Defect(Told):
    """An item of a checklist that failed."""

    defect_id = fields.String(required=True)
    item = fields.String(required=True)
    text = fields.Nested(Words, required=True)
    note = fields.String(allow_none=True)
    reading = fields.String(allow_none=True)


class DefectFound(OrderEvent):
    """A failed item; intake opens a repair case for it, once: its `external_ref` is the defect's id (MA-5)."""

    defect = fields.Nested(Defect, required=True)
