"""`register_case`: the schema, and the registration that a valid request means."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validates_schema

from services.intake.domain.case import Account, Customer
from services.intake.domain.registration import Authority, Registration
from services.intake.domain.vocabulary import MODES
from services.intake.schemas.calls import CALL_ID
from services.intake.schemas.common import CustomerSchema, ProductSchema, complained_about, nested
from shared.base.fields import LINE, NAME, PAGE, CaseNumber, Choice, Flag, Moment, Region, Text
from shared.kernel.regions import UNASSIGNED
from shared.kernel.vocabulary import CATEGORIES, CHANNELS, KINDS, LIVE, SEVERITIES


class ComplainantSchema(CustomerSchema):
    """Who complains; with `customer_id` whom of the customer file, where a number alone would not tell (IN-10)."""

    customer_id = Text(NAME)

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _named_or_not(self, _data: Any, original: Any, **_more: Any) -> None:
        if isinstance(original, dict) and original.get("anonymous") is True and "customer_id" in original:
            raise ValidationError("is not kept of somebody anonymous", "customer_id")


class AuthoritySchema(Schema):
    """The authority that passed the case on."""

    name = Text(NAME, required=True)
    reference = Text(NAME)
    reply_due_at = Moment()


class RegisterCase(Schema):
    """Everything a customer can bring (IN-1 to IN-4)."""

    kind = Choice(KINDS, required=True)
    channel = Choice(CHANNELS, required=True)
    source = Text(NAME, load_default="")
    external_ref = Text(NAME)
    call_id = Text(CALL_ID)
    """The call that it came by: another word for the external_ref of a case of the phone (IN-16)."""
    occurred_at = Moment()
    region = Region(load_default=UNASSIGNED)
    customer = nested(ComplainantSchema, required=True)
    subject = Text(LINE, required=True)
    demand = Text(PAGE, lines=True)
    description = Text(PAGE, lines=True, required=True)
    category = Choice(CATEGORIES)
    severity = Choice(SEVERITIES, load_default=SEVERITIES[0])
    verifiable = Flag(load_default=True)
    product = nested(ProductSchema)
    authority = nested(AuthoritySchema)
    repeat_of = CaseNumber()
    mode = Choice(MODES, load_default=LIVE)
    registrar = Text(NAME)
    complained_about = complained_about()

    @validates_schema(skip_on_field_errors=False)
    def _one_reference(self, data: dict[str, Any], **_more: Any) -> None:
        call_id = data.get("call_id")
        if call_id is not None and data.get("channel") not in (None, "phone"):
            raise ValidationError("only a case of the channel phone has one", "call_id")
        if call_id is not None and data.get("external_ref", call_id) != call_id:
            raise ValidationError("is another than external_ref; give one of them", "call_id")


class LoadRegions(Schema):
    """The region tree, names below names; what is wrong in it is told by `tree_paths`, all at once."""

    tree = fields.Raw(required=True)
    by = Text(NAME)


_SAME: Final = (
    "kind",
    "channel",
    "source",
    "external_ref",
    "occurred_at",
    "region",
    "category",
    "severity",
    "verifiable",
    "product",
    "repeat_of",
    "mode",
    "registrar",
    "complained_about",
)


def to_registration(data: Mapping[str, Any]) -> Registration:
    """The registration that a loaded request means."""
    return Registration(
        customer=Customer(**{name: value for name, value in data["customer"].items() if name != "customer_id"}),
        customer_id=data["customer"].get("customer_id"),
        account=Account(data["subject"], data["description"], data.get("demand")),
        authority=Authority(**data["authority"]) if "authority" in data else None,
        **{"external_ref": data.get("call_id"), **{name: data[name] for name in _SAME if name in data}},
    )
