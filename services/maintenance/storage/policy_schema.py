"""The shape of a policy file, and what contradicts itself in one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from math import inf
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, Regexp

from services.maintenance.domain.checklist import LEVELS
from services.maintenance.domain.grid import MONTHS
from shared.base.fields import LINE, NAME, Choice, Flag, Text, Whole

KEY: Final = Regexp(r"[a-z][a-z0-9_]{0,39}$", error="write at most 40 of a-z, 0-9 and _, beginning with a letter")


class WordsSchema(Schema):
    """A text in both languages."""

    zh = Text(LINE, required=True)
    en = Text(LINE, required=True)


class ReadingSchema(Schema):
    """What is measured."""

    unit = Text(20, required=True)
    min = fields.Float(allow_nan=False)
    max = fields.Float(allow_nan=False)

    @validates_schema(skip_on_field_errors=True)
    def _some_range(self, data: dict[str, Any], **_more: Any) -> None:
        if not data.keys() & {"min", "max"}:
            raise ValidationError("every reading would be right; give min, max or both")
        if data.get("min", -inf) > data.get("max", inf):
            raise ValidationError("no reading would be right; write min below max", "min")


class ItemSchema(Schema):
    """One item of a checklist."""

    key = Text(NAME, required=True, validate=KEY)
    part = Text(NAME, required=True)
    text = fields.Nested(WordsSchema, required=True)
    required = Flag(load_default=True)
    reading = fields.Nested(ReadingSchema)


class LevelSchema(Schema):
    """A level of upkeep."""

    title = fields.Nested(WordsSchema, required=True)
    period = Choice(tuple(MONTHS), required=True)
    visit_hours = fields.Float(required=True, allow_nan=False)
    includes = fields.List(Choice(LEVELS), load_default=list)
    items = fields.List(fields.Nested(ItemSchema), required=True, validate=Length(1))

    @validates_schema(skip_on_field_errors=True)
    def _a_visit_of_a_day(self, data: dict[str, Any], **_more: Any) -> None:
        if not 0 < data["visit_hours"] <= 24:
            raise ValidationError("must be above 0 and at most 24", "visit_hours")


class PostponeSchema(Schema):
    """How far an order may be put off."""

    times = Whole(0, 100, required=True)
    days = Whole(0, 366, required=True)


class OutageSchema(Schema):
    """What becomes of slots that nobody planned in time."""

    newest = Choice(("make", "skip"), required=True)
    older = Choice(("merge", "skip"), required=True)
    catch_up_workdays = Whole(0, 20, required=True)

    @validates_schema(skip_on_field_errors=True)
    def _merged_into_something(self, data: dict[str, Any], **_more: Any) -> None:
        if (data["newest"], data["older"]) == ("skip", "merge"):
            raise ValidationError("merge goes with `newest: make` only: there would be no visit to merge into", "older")


class PolicySchema(Schema):
    """The file."""

    policy = Text(NAME, required=True, validate=KEY)
    version = Text(15, required=True)
    lead_days = Whole(1, 366, required=True)
    due_soon_days = Whole(0, 366, required=True)
    window_days = Whole(0, 13, required=True)
    postpone = fields.Nested(PostponeSchema, required=True)
    outage = fields.Nested(OutageSchema, required=True)
    parts = fields.Dict(keys=Text(NAME, validate=KEY), values=fields.Nested(WordsSchema), required=True)
    levels = fields.Dict(keys=Choice(LEVELS), values=fields.Nested(LevelSchema), required=True)

    @validates_schema(skip_on_field_errors=True)
    def _reminded_after_it_is_made(self, data: dict[str, Any], **_more: Any) -> None:
        if data["due_soon_days"] >= data["lead_days"]:
            raise ValidationError("must be fewer than lead_days: the order is not there yet", "due_soon_days")

    @validates_schema(skip_on_field_errors=True)
    def _every_level(self, data: dict[str, Any], **_more: Any) -> None:
        problems = dict(_contradictions(data))
        if problems:
            raise ValidationError(problems)


def _contradictions(data: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """What no single field shows."""
    levels = data["levels"]
    yield from ((f"levels.{name}", ["is missing; describe it"]) for name in LEVELS if name not in levels)
    for name in levels:
        yield from _wrong_includes(levels, name)
        yield from _wrong_items(data, name)


def _wrong_includes(levels: Mapping[str, Any], name: str) -> Iterator[tuple[str, list[str]]]:
    missing = [other for other in levels[name]["includes"] if other not in levels]
    if missing:
        yield f"levels.{name}.includes", [f"{', '.join(missing)} is not described in this file"]
    if name in contained(levels, name):
        yield f"levels.{name}.includes", ["includes itself in the end; break the circle"]


def _wrong_items(data: dict[str, Any], name: str) -> Iterator[tuple[str, list[str]]]:
    levels = data["levels"]
    all_levels = {*contained(levels, name), name} & levels.keys()
    count = Counter(item["key"] for each in all_levels for item in levels[each]["items"])
    if twice := sorted(key for key, times in count.items() if times > 1):
        why = f"{', '.join(twice)} is there twice, here or in a level that it includes; rename one"
        yield f"levels.{name}.items", [why]
    for number, item in enumerate(levels[name]["items"]):
        if item["part"] not in data["parts"]:
            yield f"levels.{name}.items.{number}.part", [f"{item['part']} is no part of this file"]


def contained(levels: Mapping[str, Any], name: str) -> list[str]:
    """The levels that this one includes, and those that they include, the smallest first."""
    found: list[str] = []
    waiting = list(levels.get(name, {}).get("includes", ()))
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.insert(0, each)
            waiting += levels.get(each, {}).get("includes", ())
    return found
