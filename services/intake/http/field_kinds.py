"""What our own fields look like in a JSON schema: the limits that they hold are said where programs can read them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from marshmallow import fields

from shared.base.fields import CaseNumber, Choice, Day, Email, Flag, Moment, Phone, Region, Text, Whole

Kind = dict[str, Any]

_KINDS: Final[Mapping[type[fields.Field[Any]], Callable[[Any], Kind]]] = {
    Text: lambda field: {"type": "string", "minLength": 1, "maxLength": field.longest},
    Choice: lambda field: {"type": "string", "enum": list(field.choices)},
    CaseNumber: lambda _: {"type": "string", "pattern": "^[0-9][0-9 -]*$", "maxLength": 40, "example": "954770952750"},
    Phone: lambda _: {"type": "string", "minLength": 3, "maxLength": 40, "example": "+86 138 0013 8000"},
    Email: lambda _: {"type": "string", "format": "email", "maxLength": 254, "example": "buyer@example.com"},
    Flag: lambda _: {"type": "boolean"},
    Whole: lambda field: {"type": "integer", "minimum": field.least, "maximum": field.most},
    Moment: lambda _: {"type": "string", "format": "date-time", "example": "2026-10-09T14:00:00+08:00"},
    Day: lambda _: {"type": "string", "format": "date", "example": "2026-10-09"},
    Region: lambda _: {
        "type": "string",
        "pattern": r"^[a-z0-9_-]+(\.[a-z0-9_-]+)*$",
        "maxLength": 200,
        "example": "south.guangdong.foshan",
    },
}


def kind_of(_converter: Any, field: fields.Field[Any], **_more: Any) -> Kind:
    """What apispec adds to a field's description; nothing for marshmallow's own fields."""
    found = next((_KINDS[kind] for kind in type(field).__mro__ if kind in _KINDS), None)
    return found(field) if found else {}
