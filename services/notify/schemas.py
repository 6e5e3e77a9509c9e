"""The requests that notify takes (contracts 4)."""

from typing import Any, Final

import marshmallow as ma
from marshmallow import fields
from marshmallow.validate import Length

from services.notify.domain.addresses import parse_address
from services.notify.domain.bindings import bindings
from services.notify.domain.states import State
from services.notify.domain.vocabulary import AMQP, CHANNELS, EMAIL, LANGUAGES, PERSONAL_CHANNELS, SENT_CHANNELS
from shared.base.fields import LINE, NAME, PAGE, CaseNumber, Choice, Flag, Text
from shared.base.paging import MOST, after_field, limit_field
from shared.kernel.alert_topics import parse_pattern, parse_team, queue_of
from shared.kernel.errors import Invalid
from shared.kernel.vocabulary import SEVERITIES

LONGEST_KEY: Final = 200
LONGEST_ADDRESS: Final = 2000


def address(channel: str, value: str, field: str) -> str:
    """The address in its one right form; raises ValidationError at `field` (NO-8)."""
    try:
        return parse_address(channel, value, field)
    except Invalid as error:
        raise ma.ValidationError({field: error.detail[field]}) from None


class Send(ma.Schema):
    """One message; the same key again is the same message."""

    key = Text(LONGEST_KEY, required=True)
    channel = Choice(SENT_CHANNELS, required=True)
    to = Text(LONGEST_ADDRESS, required=True)
    template = Text(NAME)
    data = fields.Dict(keys=Text(NAME), values=fields.Raw(allow_none=True))
    subject = Text(LINE)
    text = Text(PAGE, lines=True)
    category = Text(NAME)
    urgent = Flag()
    case_no = CaseNumber()
    language = Choice(LANGUAGES)

    @ma.validates_schema
    def _whole(self, data: dict[str, Any], **_more: Any) -> None:
        """Either a template with its data or a text; a subject for e-mail alone."""
        wrong: dict[str, list[str]] = {}
        if ("template" in data) == ("text" in data):
            wrong["text"] = ["give either a template with its data, or a text"]
        if "template" in data and data["channel"] not in PERSONAL_CHANNELS:
            wrong["template"] = [f"goes with {', '.join(PERSONAL_CHANNELS)} only; give a text"]
        if "text" in data and "subject" in data and data["channel"] != EMAIL:
            wrong["subject"] = ["goes with e-mail only; leave it out"]
        if wrong:
            raise ma.ValidationError(wrong)

    @ma.post_load
    def _right(self, data: dict[str, Any], **_more: Any) -> dict[str, Any]:
        return {**data, "to": address(data["channel"], data["to"], "to")}


class TakeReceipt(ma.Schema):
    """What became of a message after it was sent, by the reference under which it went."""

    reference = Text(NAME, required=True)
    state = Choice(("delivered", "failed"), required=True)
    reason = Text(LINE)


class Messages(ma.Schema):
    """Which messages to tell of, oldest first unless the newest are asked for, a page at a time."""

    case_no = CaseNumber()
    order_no = Text(NAME)
    key = Text(400)
    state = Choice([str(state) for state in State])
    newest = Flag()
    limit = limit_field(MOST)
    after = after_field()


class Via(ma.Schema):
    """How a team hears; a queue's name follows from the team's."""

    channel = Choice(CHANNELS, required=True)
    address = Text(LONGEST_ADDRESS)

    @ma.post_load
    def _right(self, data: dict[str, Any], **_more: Any) -> dict[str, Any]:
        if data["channel"] == AMQP:
            return data
        if "address" not in data:
            raise ma.ValidationError({"address": ["is missing: give where to send to"]})
        return {**data, "address": address(data["channel"], data["address"], "address")}


class Pattern(Text):
    """A topic pattern of alerts."""

    def understand(self, value: Any) -> str:
        """The value; raises ValidationError."""
        try:
            return parse_pattern(super().understand(value), "value")
        except Invalid as error:
            raise ma.ValidationError(error.detail["value"]) from None


class Team(Text):
    """The name of a team; part of a queue's name."""

    def understand(self, value: Any) -> str:
        """The value; raises ValidationError."""
        try:
            return parse_team(super().understand(value), "value")
        except Invalid as error:
            raise ma.ValidationError(error.detail["value"]) from None


class Subscribe(ma.Schema):
    """A team wants to hear of alerts (NO-4)."""

    team = Team(NAME, required=True)
    pattern = Pattern(255, required=True)
    via = fields.Nested(Via, required=True)
    min_severity = Choice(SEVERITIES)

    @ma.post_load
    def _queue(self, data: dict[str, Any], **_more: Any) -> dict[str, Any]:
        """A team's queue is its own, whatever address is given; the answer names it."""
        if data["via"]["channel"] != AMQP:
            return data
        if not bindings(data["pattern"], data.get("min_severity", SEVERITIES[0])):
            raise ma.ValidationError({"min_severity": ["the pattern hears nothing so grave; give another of the two"]})
        return {**data, "via": {"channel": AMQP, "address": queue_of(data["team"])}}


class Unsubscribe(ma.Schema):
    """A team has heard enough: of one subscription, of a pattern, or of everything."""

    subscription_id = Text(NAME)
    team = Team(NAME)
    pattern = Pattern(255)

    @ma.validates_schema
    def _which(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse what names nothing, or two things."""
        if ("subscription_id" in data) == ("team" in data):
            raise ma.ValidationError("give either a subscription_id or a team", "subscription_id")
        if "pattern" in data and "team" not in data:
            raise ma.ValidationError("goes with a team; leave it out", "pattern")


class Subscriptions(ma.Schema):
    """Whose subscriptions."""

    team = Team(NAME)


class WhoWouldGet(ma.Schema):
    """An alert's routing key, or the name of a rule, with the case that it would speak of or without."""

    key = Text(255, required=True)
    case_no = CaseNumber()


class PreviewTemplate(ma.Schema):
    """A template to be filled; what `data` does not give is filled with examples."""

    template = Text(NAME, required=True)
    channel = Choice(PERSONAL_CHANNELS, required=True)
    language = Choice(LANGUAGES)
    data = fields.Dict(keys=Text(NAME), values=fields.Raw(allow_none=True), validate=Length(max=200))
