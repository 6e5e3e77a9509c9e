"""The requests about reads and proofs (AL-4)."""

from marshmallow import Schema

from shared.base.fields import NAME, CaseNumber, Flag, Moment, Text
from shared.base.paging import after_field, limit_field


class _FindAccesses(Schema):
    case_no = CaseNumber()
    by = Text(NAME)
    to = Moment()
    limit = limit_field()
    after = after_field()


# `from` is a word of Python's own, so this field cannot be written as an attribute.
FindAccesses = _FindAccesses.from_dict({"from": Moment()}, name="FindAccesses")


class CaseProof(Schema):
    """Everything by which somebody else can check a case; `by` says who takes it.

    It says who the customer is: of somebody protected it is handed out with `identity` alone.
    """

    case_no = CaseNumber(required=True)
    by = Text(NAME)
    identity = Flag()


class SealDigest(Schema):
    """Seal what changed since the last digest."""
