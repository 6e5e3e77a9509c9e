"""What intake says of customers: never who they are, only whose file changed, and by what to forget somebody."""

import marshmallow as ma
from marshmallow import fields

from shared.events.schemas.told import Told


class CustomerNamed(Told):
    """A customer by their id."""

    customer_id = fields.String(required=True)
    version = fields.Integer(required=True, strict=True)


class CustomerChanged(Told):
    """Something in a customer's file changed; who needs it asks for it."""

    customer = fields.Nested(CustomerNamed, required=True)
    changed = fields.List(fields.String(), required=True)


class SurveyAsked(Told):
    """A round of a periodic survey: this customer is asked, and how they are reached; `link` is the operator's page."""

    class Survey(Told):
        """What is asked."""

        code = fields.String(required=True)
        period = fields.String(required=True)
        region = fields.String(required=True)
        link = fields.String()

    class Asked(Told):
        """Who is asked."""

        customer_id = fields.String(required=True)
        phone = fields.String()
        email = fields.String()

    survey = fields.Nested(Survey, required=True)
    customer = fields.Nested(Asked, required=True)


class ErasedTerm(Told):
    """One name, number or address, as a keyed digest; `shared` when it is somebody else's too."""

    kind = fields.String(required=True, validate=ma.validate.OneOf(["name", "phone", "email"]))
    length = fields.Integer(required=True, strict=True)
    digest = fields.String(required=True)
    shared = fields.Boolean(required=True)


class CustomerErased(Told):
    """Forget this customer: the numbers of their cases, and digests of all by which they were known."""

    erasure_id = fields.String(required=True)
    customer_id = fields.String(allow_none=True, required=True)
    cases = fields.List(fields.String(), required=True)
    terms = fields.List(fields.Nested(ErasedTerm), required=True)
