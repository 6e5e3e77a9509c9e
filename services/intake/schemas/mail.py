"""The requests about letters."""

from marshmallow import Schema

from services.intake.domain.mail.sorting import Why
from shared.base.fields import CaseNumber, Choice, Email, Whole
from shared.base.paging import limit_field

_STATES = ("case", "joined", "aside", "failed")
_MOST = 2**63 - 1


class ListMail(Schema):
    """Which letters, newest first; `before` takes the last answer's `next`."""

    state = Choice(_STATES)
    reason = Choice(tuple(Why))
    case_no = CaseNumber()
    sender = Email()
    limit = limit_field()
    before = Whole(1, _MOST)


class OneLetter(Schema):
    """One letter."""

    id = Whole(1, _MOST, required=True)
