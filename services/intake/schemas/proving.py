"""The requests about reads and proofs (AL-4)."""

from marshmallow import Schema

from shared.base.fields import NAME, CaseNumber, Moment, Text
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
    """Everything by which somebody else can check a case; `by` says who takes it."""

    case_no = CaseNumber(required=True)
    by = Text(NAME)


class SealDigest(Schema):
    """Seal what changed since the last digest."""
