"""The requests about repeats (IN-20)."""

from typing import Final

from marshmallow import Schema

from shared.base.fields import NAME, PAGE, CaseNumber, Choice, Region, Text
from shared.base.paging import after_field, limit_field

STATES: Final = ("proposed", "confirmed", "rejected")


class Repeats(Schema):
    """Proposals: of a case, in a state; without either those to be decided."""

    case_no = CaseNumber()
    state = Choice(STATES)
    region = Region()
    by = Text(NAME)
    limit = limit_field()
    after = after_field()


class DecideRepeat(Schema):
    """What a person makes of the proposal about a case."""

    case_no = CaseNumber(required=True)
    by = Text(NAME, required=True)
    reason = Text(PAGE, lines=True)
