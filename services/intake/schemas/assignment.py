"""The requests about assignment (IN-19)."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length

from shared.base.fields import NAME, PAGE, CaseNumber, Flag, Text, Whole
from shared.base.paging import after_field, limit_field

LONGEST_FILE = 200_000
MOST_AT_ONCE = 100


class PublishAssignment(Schema):
    """A version of the rules: the text of a YAML file, or its data."""

    text = fields.Str(validate=Length(1, LONGEST_FILE))
    rules = fields.Dict(keys=fields.Str())
    by = Text(NAME, required=True)
    note = Text(PAGE, lines=True)

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _one_of_them(self, _data: Any, asked: Any, **_more: Any) -> None:
        if isinstance(asked, dict) and len({"text", "rules"} & asked.keys()) != 1:
            raise ValidationError("give text or rules, one of them")


class Assignment(Schema):
    """Which rules there are."""

    version = Whole(1)


class RunAssignment(Schema):
    """Let the rules give out what nobody has: one case, or a page of all."""

    dry_run = Flag(load_default=False)
    case_no = CaseNumber()
    limit = limit_field(MOST_AT_ONCE)
    after = after_field()


class ExplainAssignment(Schema):
    """Why a case has this owner, or none."""

    case_no = CaseNumber(required=True)
    by = Text(NAME)
