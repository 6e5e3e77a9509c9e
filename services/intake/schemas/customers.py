"""The requests about the customer file (IN-10)."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length

from services.intake.schemas.common import nested
from shared.base.fields import LINE, NAME, Day, Email, Flag, Phone, Region, Text
from shared.base.paging import limit_field

MOST_CONTACTS = 20
MOST_OWNED = 500
_WHO = ("customer_id", "external_ref", "name", "phones", "emails")
_SOUGHT = ("customer_id", "phone", "email", "name", "serial_no", "order_no")


class OrderSchema(Schema):
    """Something that was ordered."""

    order_no = Text(NAME, required=True)
    ordered_on = Day()


class ItemSchema(Schema):
    """Something that a customer owns, with the days that its warranty may run from (IN-12)."""

    model = Text(NAME)
    serial_no = Text(NAME)
    order_no = Text(NAME)
    part_no = Text(NAME)
    batch = Text(NAME)
    purchased_on = Day()
    shipped_on = Day()
    produced_on = Day()
    site = Text(LINE)
    region = Region()

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _something(self, _data: Any, original: Any, **_more: Any) -> None:
        if isinstance(original, dict) and not {"model", "serial_no", "part_no"} & original.keys():
            raise ValidationError("give model, serial_no or part_no")


class ContactsSchema(Schema):
    """Numbers and addresses."""

    phones = fields.List(Phone(), validate=Length(max=MOST_CONTACTS))
    emails = fields.List(Email(), validate=Length(max=MOST_CONTACTS))


class AddCustomer(ContactsSchema):
    """A customer, or more about one who is on file under this `customer_id` or reference."""

    customer_id = Text(NAME)
    source = Text(NAME)
    external_ref = Text(NAME)
    name = Text(NAME)
    address = Text(LINE)
    protected = Flag()
    orders = fields.List(nested(OrderSchema), validate=Length(max=MOST_OWNED))
    equipment = fields.List(nested(ItemSchema), validate=Length(max=MOST_OWNED))
    no_longer = nested(ContactsSchema)
    by = Text(NAME)

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _somebody(self, _data: Any, original: Any, **_more: Any) -> None:
        if isinstance(original, dict) and not any(original.get(name) for name in _WHO):
            raise ValidationError(f"says of nobody; give one of {', '.join(_WHO)}")


class GetCustomer(Schema):
    """A customer by whatever is known of them; all that is given must be true of them."""

    customer_id = Text(NAME)
    phone = Phone()
    email = Email()
    name = Text(NAME)
    serial_no = Text(NAME)
    order_no = Text(NAME)
    identity = Flag()
    by = Text(NAME)
    limit = limit_field(20)

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _by_something(self, _data: Any, original: Any, **_more: Any) -> None:
        if isinstance(original, dict) and not set(_SOUGHT) & original.keys():
            raise ValidationError(f"give one of {', '.join(_SOUGHT)}")


class _Whose(Schema):
    """Somebody on file, or somebody whom only cases know: by the number or address that these came from."""

    customer_id = Text(NAME)
    phone = Phone()
    email = Email()
    by = Text(NAME, required=True)

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _somebody(self, _data: Any, original: Any, **_more: Any) -> None:
        if isinstance(original, dict) and not {"customer_id", "phone", "email"} & original.keys():
            raise ValidationError("give customer_id, phone or email")


class EraseCustomer(_Whose):
    """Erase somebody's personal data on their request (AL-4)."""

    reason = Text(LINE, required=True)
    dry_run = Flag(load_default=False)


class ExportCustomer(_Whose):
    """Hand over what is held about somebody (AL-4)."""
