"""Errors for people and programs: why, and what would be possible instead."""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.kernel.errors import AftercareError, Invalid, Misconfigured, Refused

_PLAINER = {
    "Missing data for required field.": "is required",
    "Unknown field.": "is no field here",
    "Field may not be null.": "is empty",
}


def lines(error: AftercareError) -> list[str]:
    """One line for each field or setting that is wrong; the steps that are legal; what is missing."""
    if isinstance(error, Invalid) and error.detail:
        return [f"{field}: {_plainer(why)}" for field, whys in error.detail.items() for why in whys]
    if isinstance(error, Misconfigured):
        return [" ".join(problem.split()) for problem in error.problems]
    text = " ".join(str(error).split())
    more = error.detail if isinstance(error, Refused) and isinstance(error.detail, dict) else {}
    return [text, *_instead(more)]


def one_line(error: AftercareError) -> str:
    """All of them in one line."""
    return "; ".join(lines(error))


def as_json(error: AftercareError) -> dict[str, Any]:
    """The error as it goes over the wire (contracts 4)."""
    detail = error.detail if isinstance(error, Refused) else None
    return {"error": {"exc_type": error.slug, "value": one_line(error), "exc_args": [detail]}}


def in_words_of(error: Invalid, names: Mapping[str, str], missing: str = "is required") -> Invalid:
    """The same refusal in the words of a command line: its options for the fields; `{}` in `missing` is the field."""
    told = {
        names.get(field, field): [missing.format(field) if _plainer(why) == "is required" else why for why in whys]
        for field, whys in error.detail.items()
    }
    return Invalid(error.message, told)


def _instead(detail: Mapping[str, Any]) -> Iterator[str]:
    """What is missing, each with its remedy; else what is possible instead."""
    if missing := detail.get("missing"):
        yield from (f"missing: {each['what']}: {each['remedy']}" for each in missing)
    elif legal := detail.get("legal"):
        yield f"possible now: {', '.join(legal)}"
    if "task_id" in detail:
        yield f"open tasks: {', '.join(detail.get('open', ())) or 'none'}"


def _plainer(why: str) -> str:
    return _PLAINER.get(why, why)
