"""The border of sla: one schema per request; every wrong field is named at once."""

from typing import Any, Final

from marshmallow import Schema

from shared.base.fields import NAME, Choice, Flag, Moment, Region, Text, Whole

KINDS: Final = ("complaint", "repair", "guidance", "inquiry", "suggestion", "dispute", "accident")
SEVERITIES: Final = ("minor", "serious", "major", "critical")
LIMIT: Final = 100
MOST: Final = 1000


class CaseNumber(Text):
    """A case number as people write it, spaces and hyphens taken out."""

    def __init__(self, **more: Any) -> None:
        super().__init__(40, **more)

    def understand(self, value: Any) -> str:
        """The digits; raises ValidationError."""
        return "".join(super().understand(value).replace("-", " ").split())


class Clocks(Schema):
    """All clocks of a case."""

    case_no = CaseNumber(required=True)


class Due(Schema):
    """Running clocks by region or owner, up to an instant, a page at a time; with `breached` the overrun ones too."""

    region = Region()
    owner = Text(NAME)
    before = Moment()
    breached = Flag()
    limit = Whole(1, MOST, load_default=LIMIT)
    after = Text(NAME)


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
