"""The border of sla: one schema per request; every wrong field is named at once."""

from marshmallow import Schema

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
