"""What intake says of its digests, so that others can keep them where intake cannot change them (AL-4)."""

from marshmallow import fields

from shared.events.schemas.told import Told


class SealedDigest(Told):
    """A signed digest: the text, and beside it what it says."""

    no = fields.Integer(required=True, strict=True)
    at = fields.String(required=True)
    previous = fields.String(required=True)
    cases = fields.Integer(required=True, strict=True)
    root = fields.String(required=True)
    key = fields.String(required=True)
    hash = fields.String(required=True)
    body = fields.String(required=True)
    signature = fields.String(required=True)


class DigestSealed(Told):
    """A digest was sealed; `public_key` is PEM."""

    digest = fields.Nested(SealedDigest, required=True)
    public_key = fields.String(required=True)
