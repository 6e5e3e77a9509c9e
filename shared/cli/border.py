"""What intake takes, asked of its own schemas: the names of fields are written down once, there.

The schemas are looked up when they are needed, as the runner does it: no command waits for what it does not use.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, cast

import marshmallow as ma

from shared.base.fields import Choice, Flag, Whole
from shared.kernel.errors import Invalid

Fields = Mapping[str, ma.fields.Field[Any]]


@cache
def registration_fields() -> Fields:
    """The fields of `register_case`."""
    return cast(Fields, import_module("services.intake.schemas").RegisterCase().fields)


@cache
def call_row_fields() -> Fields:
    """The fields of a row of `reconcile_calls`, but its number."""
    fields = import_module("services.intake.schemas").CallRow().fields
    return {name: field for name, field in fields.items() if name != "row"}


@cache
def steps() -> Mapping[str, Fields]:
    """The fields of each step of `take_step`, in the order of the contract's table."""
    schemas = import_module("services.intake.schemas").STEPS
    order = import_module("services.intake.domain.steps").TABLE
    return {name: schemas[name].fields for name in order}


@cache
def common_step_fields() -> frozenset[str]:
    """The fields that every step has."""
    return cast(frozenset[str], import_module("services.intake.schemas").steps.COMMON)


def own_fields(step: str) -> Fields:
    """The fields that are this step's own."""
    return {name: field for name, field in steps()[step].items() if name not in common_step_fields()}


def choices(field: str) -> tuple[str, ...]:
    """The words that a field of a registration may hold."""
    found = registration_fields()[field]
    return found.choices if isinstance(found, Choice) else ()


def inner_fields(field: ma.fields.Field[Any]) -> Fields | None:
    """The fields of an object inside a request; None for a plain field."""
    return cast(Fields, field.schema.fields) if isinstance(field, ma.fields.Nested) else None


def check(field: ma.fields.Field[Any], value: Any) -> list[str]:
    """Why the field would not take this value; empty when it would."""
    try:
        field.deserialize(value)
    except ma.ValidationError as error:
        return [str(each) for each in error.messages] if isinstance(error.messages, list) else [str(error.messages)]
    return []


def from_text(fields: Fields, name: str, text: str) -> Any:
    """What a text typed for a field means: `true`, numbers, `a,b` for lists; anything else stays text."""
    field = fields.get(name)
    if isinstance(field, Flag) and text in ("true", "false"):
        return text == "true"
    if isinstance(field, Whole) and text.lstrip("-").isdecimal():
        return int(text)
    if isinstance(field, ma.fields.List):
        return [part.strip() for part in text.split(",") if part.strip()]
    if field is not None and inner_fields(field) is not None:
        raise Invalid.field(name, f"has parts: write {name}.PART=…")
    return text
