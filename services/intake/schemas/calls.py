"""What exchanges send, and what is asked about calls."""

from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length

from services.intake.domain.calls.events import DIRECTIONS, KINDS
from services.intake.domain.calls.numbers import LONGEST
from services.intake.domain.calls.record import STATES
from shared.base.fields import LINE, NAME, Choice, Flag, Moment, Text, Whole
from shared.base.paging import after_field, limit_field

CALL_ID: Final = 190
"""Longest id of a call: with `callback:` before it, it is the reference of a case."""


MOST_ROWS: Final = 500
MOST_SECONDS: Final = 7 * 86_400


class SentNumber(Text):
    """A number as an exchange sends it: valid or not, a word for a withheld one, or nothing."""

    def __init__(self, **more: Any) -> None:
        super().__init__(LONGEST, allow_none=True, **more)

    def understand(self, value: Any) -> str:
        """The value; raises ValidationError."""
        return "" if isinstance(value, str) and not value.strip() else super().understand(value)


class _CallEvent(Schema):
    event = Choice(KINDS, required=True)
    call_id = Text(CALL_ID, required=True)
    source = Text(NAME, load_default="")
    to = SentNumber(required=True)
    direction = Choice(DIRECTIONS, required=True)
    at = Moment()
    user = Text(NAME)
    queue = Text(NAME)
    cause = Text(NAME)
    recording = Text(LINE)


class GetCall(Schema):
    """One call with everything that was told of it."""

    call_id = Text(CALL_ID, required=True)
    source = Text(NAME, load_default="")


class _FindCalls(Schema):
    number = SentNumber()
    state = Choice(STATES)
    direction = Choice(DIRECTIONS)
    without_case = Flag()
    to = Moment()
    limit = limit_field()
    newest = Flag()
    after = after_field()


class _CallRow(Schema):
    row = Whole(1)
    call_id = Text(CALL_ID, required=True)
    source = Text(NAME)
    to = SentNumber(required=True)
    direction = Choice(DIRECTIONS, required=True)
    started_at = Moment(required=True)
    answered_at = Moment(allow_none=True)
    ended_at = Moment(allow_none=True)
    seconds = Whole(0, MOST_SECONDS, allow_none=True)
    user = Text(NAME, allow_none=True)
    queue = Text(NAME, allow_none=True)
    cause = Text(NAME, allow_none=True)
    recording = Text(LINE, allow_none=True)

    @validates_schema(skip_on_field_errors=False)
    def _in_order(self, data: dict[str, Any], **_more: Any) -> None:
        last = "started_at"
        for name in ("answered_at", "ended_at"):
            before, this = data.get(last), data.get(name)
            if this is None:
                continue
            if before is not None and this < before:
                raise ValidationError(f"is before {last}", name)
            last = name


class ReconcileCalls(Schema):
    """An exchange's own records; each is read for itself, so that a bad one refuses itself alone."""

    calls = fields.List(fields.Raw(), required=True, validate=Length(1, MOST_ROWS))
    source = Text(NAME, load_default="")
    apply = Flag(load_default=False)
    open_cases = Flag(load_default=False)

    @validates_schema(skip_on_field_errors=True)
    def _applied(self, data: dict[str, Any], **_more: Any) -> None:
        if data["open_cases"] and not data["apply"]:
            raise ValidationError("opens nothing without apply: true", "open_cases")


# `from` is a word of Python's own, so this field cannot be written as an attribute.
CallEventRequest = _CallEvent.from_dict({"from": SentNumber(required=True)}, name="CallEvent")
CallRow = _CallRow.from_dict({"from": SentNumber(required=True)}, name="CallRow")
FindCalls = _FindCalls.from_dict({"from": Moment()}, name="FindCalls")
