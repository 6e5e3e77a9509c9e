"""The border of sla: one schema per request; every wrong field is named at once."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length

from services.sla.domain.periods import Period
from services.sla.domain.statistics import GROUPS
from shared.base.fields import NAME, CaseNumber, Choice, Flag, Moment, Region, Text
from shared.base.paging import after_field, limit_field
from shared.kernel.vocabulary import KINDS, SEVERITIES


class Clocks(Schema):
    """All clocks of a case."""

    case_no = CaseNumber(required=True)


class Due(Schema):
    """Running clocks by region or owner, up to an instant, a page at a time; with `breached` the overrun ones too."""

    region = Region()
    owner = Text(NAME)
    before = Moment()
    breached = Flag()
    limit = limit_field()
    after = after_field()


class Promise(Schema):
    """A case that might be registered."""

    kind = Choice(KINDS, required=True)
    severity = Choice(SEVERITIES)
    verifiable = Flag()
    repeat = Flag()
    region = Region()
    at = Moment()


class Explain(Schema):
    """A clock of a case, or all of them."""

    case_no = CaseNumber(required=True)
    clock = Text(NAME)


class Ledger(Schema):
    """What was said of the clocks of a case, or of those of one name."""

    case_no = CaseNumber(required=True)
    clock = Text(NAME)


class _Past(Schema):
    """Cases of a time, `from` it and before `to`; only those that are so."""

    class Meta:
        """`from` is a word of Python."""

        include = {"from": Moment(required=True)}

    to = Moment(required=True)
    region = Region()
    owner = Text(NAME)
    kind = Choice(KINDS)
    category = Text(NAME)
    severity = Choice(SEVERITIES)

    @validates_schema
    def ends_after_it_begins(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse a time that has no length."""
        if data["to"] <= data["from"]:
            raise ValidationError("must be later than from", "to")


class Statistics(_Past):
    """Clocks that fall due within a time, counted by groups; with `holders` also who held the cases."""

    by = fields.List(Choice(GROUPS), validate=Length(1), load_default=lambda: ["clock"])
    period = Choice([str(each) for each in Period])
    clock = Text(NAME)
    policy = Text(NAME)
    holders = Flag()

    @validates_schema
    def groups_make_sense(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse a group asked for twice, and what does not go together."""
        wrong: dict[str, list[str]] = {}
        if len(set(data["by"])) < len(data["by"]):
            wrong["by"] = ["names a group twice"]
        if "period" in data and "period" not in data["by"]:
            wrong["period"] = ["says how long a period is; put period into by"]
        if data.get("holders") and (data.keys() & {"clock", "policy"}):
            wrong["holders"] = ["are counted by case; leave clock and policy out"]
        if wrong:
            raise ValidationError({name: list(whys) for name, whys in wrong.items()})


class TimeByHolder(Schema):
    """Who held a case, and how long."""

    case_no = CaseNumber(required=True)
