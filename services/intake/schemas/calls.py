"""What exchanges send, and what is asked about calls."""

from typing import Any, Final

from marshmallow import Schema

from services.intake.domain.calls.events import DIRECTIONS, KINDS
from services.intake.domain.calls.numbers import LONGEST
from services.intake.domain.calls.record import STATES
from shared.base.fields import LINE, NAME, Choice, Flag, Moment, Text
from shared.base.paging import after_field, limit_field

CALL_ID: Final = 190
"""Longest id of a call: with `callback:` before it, it is the reference of a case."""


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


# `from` is a word of Python's own, so this field cannot be written as an attribute.
CallEventRequest = _CallEvent.from_dict({"from": SentNumber(required=True)}, name="CallEvent")
FindCalls = _FindCalls.from_dict({"from": Moment()}, name="FindCalls")
