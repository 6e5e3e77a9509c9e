"""The border of sla: one schema per request; every wrong field is named at once."""

import re
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length

from services.sla.domain.periods import Period
from services.sla.domain.published import Kind
from services.sla.domain.publishing import Running
from services.sla.domain.statistics import GROUPS
from services.sla.domain.what_if import NOW
from shared.base.fields import LINE, NAME, CaseNumber, Choice, Flag, Moment, Region, Text, Whole
from shared.base.paging import after_field, limit_field
from shared.kernel.vocabulary import KINDS, SEVERITIES

VERSION: Final = 40
LONGEST_FILE: Final = 200_000
MOST_REGIONS: Final = 1000
MOST_CASES: Final = 500
"""On one page of a preview: well within the time that a caller waits."""
RUNNING: Final = tuple(map(str, Running))
PUBLISHED: Final = tuple(map(str, Kind))
_NAME: Final = re.compile("[a-z][a-z0-9_-]{0,39}")


class PlainName(Text):
    """A name that may stand in a file and in a command."""

    def __init__(self, **more: Any) -> None:
        super().__init__(NAME, **more)

    def understand(self, value: Any) -> str:
        """The name; raises ValidationError."""
        name = super().understand(value)
        if not _NAME.fullmatch(name):
            raise ValidationError("must be at most 40 of a-z, 0-9, _ and -, beginning with a letter")
        return name


class MomentOrNow(Moment):
    """An instant, or `now`, which is given on as the word."""

    def understand(self, value: Any) -> Any:
        """The value; raises ValidationError."""
        return NOW if value == NOW else super().understand(value)


class Clocks(Schema):
    """All clocks of a case."""

    case_no = CaseNumber(required=True)


class Due(Schema):
    """Running clocks by region or owner, up to an instant, a page at a time; with `breached` the overrun ones too."""

    region = Region()
    owner = Text(NAME)
    before = Moment()
    breached = Flag()
    limit = limit_field()
    after = after_field()


class Promise(Schema):
    """A case that might be registered."""

    kind = Choice(KINDS, required=True)
    severity = Choice(SEVERITIES)
    verifiable = Flag()
    repeat = Flag()
    region = Region()
    at = Moment()


class Explain(Schema):
    """A clock of a case, or all of them; also as they would be if the case waited from an instant on, or until one."""

    case_no = CaseNumber(required=True)
    clock = Text(NAME)
    if_waiting_from = MomentOrNow()
    if_resumed_at = Moment()


class Ledger(Schema):
    """What was said of the clocks of a case, or of those of one name."""

    case_no = CaseNumber(required=True)
    clock = Text(NAME)


class _Past(Schema):
    """Cases of a time, `from` it and before `to`; only those that are so."""

    class Meta:
        """`from` is a word of Python."""

        include = {"from": Moment(required=True)}

    to = Moment(required=True)
    region = Region()
    owner = Text(NAME)
    kind = Choice(KINDS)
    category = Text(NAME)
    severity = Choice(SEVERITIES)

    @validates_schema
    def ends_after_it_begins(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse a time that has no length."""
        if data["to"] <= data["from"]:
            raise ValidationError("must be later than from", "to")


class Statistics(_Past):
    """Clocks that fall due within a time, counted by groups; with `holders` also who held the cases."""

    by = fields.List(Choice(GROUPS), validate=Length(1), load_default=lambda: ["clock"])
    period = Choice([str(each) for each in Period])
    clock = Text(NAME)
    policy = Text(NAME)
    holders = Flag()

    @validates_schema
    def groups_make_sense(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse a group asked for twice, and what does not go together."""
        wrong: dict[str, list[str]] = {}
        if len(set(data["by"])) < len(data["by"]):
            wrong["by"] = ["names a group twice"]
        if "period" in data and "period" not in data["by"]:
            wrong["period"] = ["says how long a period is; put period into by"]
        if data.get("holders") and (data.keys() & {"clock", "policy"}):
            wrong["holders"] = ["are counted by case; leave clock and policy out"]
        if wrong:
            raise ValidationError({name: list(whys) for name, whys in wrong.items()})


class ReplayPolicy(_Past):
    """A policy, as the data of its file, tried on the cases received in a time, a page at a time."""

    policy = fields.Dict(keys=fields.String(), required=True)
    limit = Whole(1, 200, load_default=50)
    after = after_field()


class TimeByHolder(Schema):
    """Who held a case, and how long."""

    case_no = CaseNumber(required=True)


class _Publishing(Schema):
    """What becomes of clocks that run, and a word on why."""

    running = Choice(RUNNING, required=True)
    note = Text(LINE)


class _Policy(Schema):
    """A policy as the data of its file, or as its text."""

    policy = fields.Dict()
    text = Text(LONGEST_FILE, lines=True)

    @validates_schema
    def is_given_once(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse a request with two policies or none."""
        if ("policy" in data) == ("text" in data) and "calendar" not in data:
            raise ValidationError("give the policy as data, or its file as text", "policy")


class PublishPolicy(_Publishing, _Policy):
    """A version of the policy; name and version stand in it."""

    by = Text(NAME, required=True)


class PublishCalendar(_Publishing):
    """A version of a calendar as the data of a `WorkCalendar`; without regions it serves those that it served."""

    name = PlainName(required=True)
    version = Text(VERSION, required=True)
    calendar = fields.Dict(required=True)
    regions = fields.List(Region(), validate=Length(max=MOST_REGIONS))
    by = Text(NAME, required=True)


class Preview(_Publishing, _Policy):
    """A policy or a calendar that might be published; a page of the cases that it can change."""

    name = PlainName()
    version = Text(VERSION)
    calendar = fields.Dict()
    regions = fields.List(Region(), validate=Length(max=MOST_REGIONS))
    limit = limit_field(MOST_CASES)
    after = Text(NAME)
    examples = Whole(0, 100, load_default=20)

    @validates_schema
    def is_one(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse a policy and a calendar together, and a calendar without its name."""
        if "calendar" in data and ("policy" in data or "text" in data):
            raise ValidationError("give a policy or a calendar, not both", "calendar")
        if "calendar" in data and "name" not in data:
            raise ValidationError("is missing; say which calendar this would be", "name")


class Publications(Schema):
    """What was published, newest first."""

    kind = Choice(PUBLISHED)
    name = Text(NAME)
    version = Text(NAME)
    limit = limit_field()


class Published(Schema):
    """One version; the one in force unless it is named."""

    kind = Choice(PUBLISHED, required=True)
    name = Text(NAME)
    version = Text(NAME)
