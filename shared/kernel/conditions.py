"""What a policy asks of attributes: each has one of some values, and a region lies within one of some regions."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from shared.kernel.errors import Invalid
from shared.kernel.reading import Part
from shared.kernel.regions import is_within, parse_region

REGION: Final = "region"
Requirement = tuple[str, frozenset[Any]]
"""The name of an attribute, and the values of which it must have one."""


def meets(value: Any, name: str, values: frozenset[Any]) -> bool:
    """Whether an attribute with this value is as it is required."""
    if name == REGION:
        return any(is_within(value, region) for region in values)
    return value in values


def read_requirements(part: Part, known: Collection[str]) -> tuple[Requirement, ...]:
    """A mapping of known attributes to a value or a list of values."""
    asked = part.mapping(known)
    if isinstance(part.value, Mapping) and not asked:
        part.wrong("asks for nothing; name an attribute, or leave the condition out")
    return tuple((name, _values(part.at(name), name)) for name in asked if name in known)


def _values(part: Part, name: str) -> frozenset[Any]:
    values = [each.value for each in part.items()]
    if not values or not all(isinstance(value, str | bool) for value in values):
        part.wrong("must be a value or a list of values; quote words that YAML takes for something else")
        return frozenset()
    for value in values if name == REGION else ():
        try:
            parse_region(value)
        except Invalid as error:
            part.wrong(error.message.removeprefix("region: "))
    return frozenset(values)
