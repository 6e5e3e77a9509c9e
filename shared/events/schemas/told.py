"""What every schema of an event shares."""

import marshmallow as ma
from marshmallow import fields


class Told(ma.Schema):
    """Something told by its owner; later versions may add fields."""

    class Meta:
        """Consumers pass over what they do not know."""

        unknown = ma.INCLUDE


class Words(ma.Schema):
    """A text for people."""

    zh = fields.String(required=True)
    en = fields.String(required=True)
