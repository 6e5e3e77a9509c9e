"""Fields and objects that several requests of intake share."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length

from shared.base.fields import NAME, Day, Email, Flag, Phone, Text, Whole

MOST_COMPLAINED_ABOUT = 20


def complained_about() -> fields.List[Any]:
    """Whom of ours a case is about, by id or by name (IN-26)."""
    return fields.List(Text(NAME, required=True), validate=Length(max=MOST_COMPLAINED_ABOUT))


class CustomerSchema(Schema):
    """Who complains; everything may be missing."""

    name = Text(NAME)
    phone = Phone()
    email = Email()
    anonymous = Flag()
    protected = Flag()


class ProductSchema(Schema):
    """The product complained about (IN-3)."""

    model = Text(NAME)
    serial_no = Text(NAME)
    order_no = Text(NAME)
    part_no = Text(NAME)
    batch = Text(NAME)
    shipped_on = Day()
    quantity = Whole()
    defective_quantity = Whole()
    purchased_on = Day()
    produced_on = Day()

    @validates_schema(skip_on_field_errors=False)
    def _not_more_than_all(self, data: dict[str, Any], **_more: Any) -> None:
        whole, defective = data.get("quantity"), data.get("defective_quantity")
        if whole is not None and defective is not None and defective > whole:
            raise ValidationError("is more than quantity", "defective_quantity")


def nullable(schema: type[Schema]) -> Schema:
    """The same object in a correction, where null takes a value away; a flag is never neither."""
    instance: Schema = type(f"Changed{schema.__name__}", (schema,), {})()
    for each in instance.fields.values():
        each.allow_none = not isinstance(each, Flag)
    return instance


def nested(schema: type[Schema], **more: Any) -> fields.Nested:
    """An object inside the request."""
    return fields.Nested(schema, **more)
