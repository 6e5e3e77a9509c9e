"""The border of escalation: one schema per request; every wrong field is named at once."""

from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length

from services.escalation.domain.joining import SYSTEM
from shared.base.fields import LINE, NAME, Choice, Flag, Moment, Region, Text
from shared.base.people import ROLES
from shared.kernel.regions import UNASSIGNED

NUMBER: Final = 40
MOST_MEMBERS: Final = 50


class Number(Text):
    """The number of a case or an order as people write it; spaces and hyphens of a case number are taken out."""

    def __init__(self, **more: Any) -> None:
        super().__init__(NUMBER, **more)

    def understand(self, value: Any) -> str:
        """The number; raises ValidationError."""
        text = super().understand(value)
        plain = "".join(text.replace("-", " ").split())
        return plain if plain.isdigit() else text


class Code(Text):
    """Six digits, as they are typed on a phone."""

    def __init__(self, **more: Any) -> None:
        super().__init__(20, **more)

    def understand(self, value: Any) -> str:
        """The digits; raises ValidationError."""
        digits = "".join(super().understand(value).split())
        if len(digits) != 6 or not digits.isascii() or not digits.isdigit():
            raise ValidationError("must be the six digits of the message")
        return digits


class Matter(Schema):
    """What it is about: a case, or an order."""

    case_no = Number()
    order_no = Number()

    @validates_schema
    def names_one(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse what names nothing, or two things."""
        _exactly_one(data, "case_no", "order_no")


class Walk(Schema):
    """Which escalation is meant: by its id, or those of a case or an order, of one ladder if it is named."""

    escalation_id = Text(NAME)
    case_no = Number()
    order_no = Number()
    ladder = Text(NUMBER)

    @validates_schema
    def names_one(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse what names nothing, or two things."""
        _exactly_one(data, "escalation_id", "case_no", "order_no")


def _exactly_one(data: dict[str, Any], *names: str) -> None:
    given = [name for name in names if name in data]
    if len(given) != 1:
        raise ValidationError(f"give exactly one of {', '.join(names)}", names[0])


class Acknowledge(Schema):
    """Somebody has it; with the code of a message nothing else is needed.

    `from` is whom a front end hears at its other end, like the number that called: by it wrong codes are counted.
    """

    escalation_id = Text(NAME)
    case_no = Number()
    order_no = Number()
    ladder = Text(NUMBER)
    code = Code()
    by = Text(NAME)

    class Meta:
        """A field whose name is a word of the language."""

        include = {"from": Text(NAME)}

    @validates_schema
    def names_who_and_what(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse what names no escalation, or nobody."""
        _exactly_one(data, "escalation_id", "case_no", "order_no", "code")
        if "by" not in data and "code" not in data:
            raise ValidationError("say who acknowledges, or give the code of the message", "by")


class HandOn(Walk):
    """To a person, or one level up."""

    to = Text(NAME)
    up = Flag()
    reason = Text(LINE)
    by = Text(NAME, required=True)

    @validates_schema
    def says_to_whom(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse what says nobody, or both."""
        if ("to" in data) == bool(data.get("up")):
            raise ValidationError("give either `to` with a person, or `up: true`", "to")


class Resolve(Walk):
    """It is settled."""

    reason = Text(LINE)
    by = Text(NAME, required=True)


class Open(Matter):
    """Field staff ask for help."""

    reason = Text(LINE)
    by = Text(NAME, required=True)


class FormTeam(Schema):
    """The handling team of a major case."""

    case_no = Number(required=True)
    leader = Text(NAME, required=True)
    members = fields.List(Text(NAME), required=True, validate=Length(1, MOST_MEMBERS))
    visit_at = Moment()
    by = Text(NAME, load_default=SYSTEM)


class Story(Matter):
    """The story of a case or an order."""


class OnDuty(Schema):
    """Who can be asked in a region; without one, who stands for every region."""

    region = Region(load_default=UNASSIGNED)
    role = Choice(ROLES)


class Reachability(Schema):
    """Whom every step would reach in a region; without one, in every region of the people file."""

    region = Region()


__all__ = [
    "Acknowledge",
    "FormTeam",
    "HandOn",
    "OnDuty",
    "Open",
    "Reachability",
    "Resolve",
    "Story",
]
