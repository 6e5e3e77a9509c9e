"""The operator's rules of warranty, as data: every mistake at once, each with its place."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.intake.domain.warranty import SHELF_LIFE, STARTS, WARRANTY, Period, Rule

_UNITS: Final = {"years": 12, "months": 1}
_LONGEST: Final = {"years": 100, "months": 1200, "days": 36_500}
_FIELDS: Final = frozenset(("name", "models", "kind", "lasts", "from", "source"))


def read_rules(content: Any) -> tuple[list[Rule], list[str]]:
    """The rules in their order, and what is wrong with the file; with any of that the rules do not count."""
    told = content.get("rules") if isinstance(content, Mapping) else None
    if not isinstance(told, list) or not told:
        return [], ["rules: must be a list of rules, like `- {name: general, models: ['*'], …}`"]
    problems = [
        f"rules.{place}: {why}" for place, each in enumerate(told, 1) for why in (_wrong(each) or _twice(told, each))
    ]
    return ([] if problems else [_rule(each) for each in told]), problems


def _wrong(told: Any) -> list[str]:
    if not isinstance(told, Mapping):
        return ["must be a mapping"]
    return list(_problems(told))


def _problems(told: Mapping[Any, Any]) -> Iterator[str]:
    yield from (
        f"{name}: no such field; there are {', '.join(sorted(_FIELDS))}" for name in told if name not in _FIELDS
    )
    if not isinstance(told.get("name"), str) or not told["name"]:
        yield "name: must be a name"
    if not _texts(told.get("models")):
        yield "models: must be a list of patterns, like ['DM-*']"
    if told.get("kind") not in (WARRANTY, SHELF_LIFE):
        yield f"kind: must be {WARRANTY} or {SHELF_LIFE}"
    if not set(_starts(told)) or not set(_starts(told)) <= STARTS.keys():
        yield f"from: must be one or more of {', '.join(STARTS)}"
    if not isinstance(told.get("source"), str):
        yield "source: must say where the promise is written"
    if why := _wrong_period(told.get("lasts")):
        yield why


def _twice(told: list[Any], each: Any) -> list[str]:
    names = [other.get("name") for other in told if isinstance(other, Mapping)]
    return [f"name: {each['name']} is there twice"] if names.count(each["name"]) > 1 else []


def _wrong_period(lasts: Any) -> str | None:
    if not isinstance(lasts, Mapping) or not lasts or not lasts.keys() <= _LONGEST.keys():
        return "lasts: must be like {months: 12}, {years: 1} or {days: 90}"
    for unit, most in _LONGEST.items():
        count = lasts.get(unit, 1)
        if not isinstance(count, int) or isinstance(count, bool) or not 0 < count <= most:
            return f"lasts: {unit} must be a whole number from 1 to {most}"
    return None


def _rule(told: Mapping[str, Any]) -> Rule:
    lasts = told["lasts"]
    period = Period(sum(_UNITS[unit] * lasts.get(unit, 0) for unit in _UNITS), lasts.get("days", 0))
    return Rule(told["name"], tuple(told["models"]), told["kind"], period, _starts(told), told["source"])


def _starts(told: Mapping[Any, Any]) -> tuple[str, ...]:
    given = told.get("from")
    named = [given] if isinstance(given, str) else given
    return tuple(named or ()) if _texts(named) else ()


def _texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)
