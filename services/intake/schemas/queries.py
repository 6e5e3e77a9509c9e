"""The requests that change nothing."""

from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from services.intake.domain.calls.numbers import is_withheld, subscriber
from services.intake.domain.vocabulary import STATES
from shared.base.fields import NAME, CaseNumber, Choice, Flag, Moment, Phone, Region, Text
from shared.base.paging import after_field, limit_field
from shared.kernel.vocabulary import CATEGORIES, KINDS, SEVERITIES


class GetCase(Schema):
    """One case with everything; with `identity` also who somebody protected is, with `by` as who asks may see it."""

    case_no = CaseNumber(required=True)
    identity = Flag()
    by = Text(NAME)


class CallerNumber(Phone):
    """The number of who calls, as an exchange has it: given on as E.164, a word for a withheld one as None."""

    def understand(self, value: Any) -> Any:
        """The value; raises ValidationError."""
        if isinstance(value, str) and value.strip() and is_withheld(value):
            return None
        return super().understand(subscriber(value) if isinstance(value, str) else value)


class LookupCaller(Schema):
    """Who is calling (IN-10)."""

    phone = CallerNumber(required=True)
    by = Text(NAME)


class CaseStatus(Schema):
    """How the case stands, by number or by phone (IN-11)."""

    case_no = CaseNumber()
    phone = CallerNumber()

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _one_of_them(self, _data: Any, asked: Any, **_more: Any) -> None:
        if isinstance(asked, dict) and not {"case_no", "phone"} & asked.keys():
            raise ValidationError("give case_no or phone")


class Regions(Schema):
    """The region tree."""


class _FindCases(Schema):
    state = Choice(STATES)
    owner = Text(NAME)
    region = Region()
    kind = Choice(KINDS)
    category = Choice(CATEGORIES)
    severity = Choice(SEVERITIES)
    text = Text(NAME)
    to = Moment()
    limit = limit_field()
    newest = Flag()
    by = Text(NAME)
    after = after_field()


# `from` is a word of Python's own, so this field cannot be written as an attribute.
FindCases = _FindCases.from_dict({"from": Moment()}, name="FindCases")
