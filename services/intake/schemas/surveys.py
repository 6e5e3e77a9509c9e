"""The requests about satisfaction (IN-17)."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length

from services.intake.domain.surveys import GROUPS, HIGHEST, KINDS, LOWEST, WAYS, is_period
from shared.base.fields import NAME, PAGE, CaseNumber, Choice, Moment, Phone, Region, Text, Whole
from shared.base.paging import after_field, limit_field

_WHICH = ("code", "case_no", "customer_id")


def _period(text: str) -> None:
    if not is_period(text):
        raise ValidationError("write a year, a quarter or a month: 2026, 2026-Q4, 2026-11")


class RecordSurvey(Schema):
    """What a customer answered: to the survey of a code, of a case, or of a period."""

    code = Text(NAME)
    case_no = CaseNumber()
    phone = Phone()
    customer_id = Text(NAME)
    period = Text(NAME, validate=_period)
    score = Whole(LOWEST, HIGHEST, required=True)
    text = Text(PAGE, lines=True)
    via = Choice(WAYS, required=True)
    at = Moment()
    by = Text(NAME)

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _one_of_them(self, _data: Any, original: Any, **_more: Any) -> None:
        if not isinstance(original, dict):
            return
        given = [name for name in _WHICH if name in original]
        if len(given) != 1:
            raise ValidationError(f"give one of {', '.join(_WHICH)}")
        if ("period" in original) != (given == ["customer_id"]):
            raise ValidationError("goes with customer_id, which needs it", "period")
        if "phone" in original and given != ["case_no"]:
            raise ValidationError("goes with case_no: whose case it is", "phone")


class AskSurveys(Schema):
    """A round of a periodic survey: whom to ask, a page of customers at a time."""

    period = Text(NAME, required=True, validate=_period)
    percent = Whole(1, 100, load_default=100)
    rest_days = Whole(0, 3660, load_default=90)
    region = Region()
    by = Text(NAME)
    limit = limit_field(500)
    after = Whole(0, 2**63 - 1, load_default=0)


class _SurveyStatistics(Schema):
    by = fields.List(Choice(GROUPS), validate=Length(0, 4), load_default=lambda: ["kind"])
    to = Moment()
    kind = Choice(KINDS)
    period = Text(NAME, validate=_period)
    region = Region()


class _FindSurveys(Schema):
    case_no = CaseNumber()
    customer_id = Text(NAME)
    kind = Choice(KINDS)
    region = Region()
    to = Moment()
    most_score = Whole(LOWEST, HIGHEST)
    by = Text(NAME)
    limit = limit_field()
    after = after_field()


# `from` is a word of Python's own, so this field cannot be written as an attribute.
SurveyStatistics = _SurveyStatistics.from_dict({"from": Moment()}, name="SurveyStatistics")
FindSurveys = _FindSurveys.from_dict({"from": Moment()}, name="FindSurveys")
