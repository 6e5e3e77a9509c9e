"""What the methods about repeats and assignment answer."""

from marshmallow import Schema, fields

from services.intake.domain.vocabulary import STATES
from services.intake.schemas.common import nested
from services.intake.schemas.repeats import STATES as DECISIONS
from shared.base.fields import CaseNumber, Choice, Moment, Whole


class Proposal(Schema):
    """A case that seems to be the same matter again, and what a person made of that."""

    case_no = CaseNumber(required=True)
    first_case = CaseNumber(required=True)
    reasons = fields.List(fields.Dict(), required=True)
    score = Whole(0, 100, required=True)
    state = Choice(DECISIONS, required=True)
    proposed_at = Moment(required=True)
    by = fields.String()
    at = Moment()
    note = fields.String()


class ListedProposal(Proposal):
    """One of many, with what the case is about."""

    case = fields.Dict(required=True)


class RepeatPage(Schema):
    """A page of proposals."""

    repeats = fields.List(nested(ListedProposal), required=True)
    next = fields.String()


class Explained(Schema):
    """Every hand-over with its reason, why nobody has the case, and what the rules would make of it now."""

    case_no = CaseNumber(required=True)
    state = Choice(STATES, required=True)
    owner = fields.String()
    assigned = fields.List(fields.Dict(), required=True)
    unassigned = fields.Dict()
    now = fields.Dict()
