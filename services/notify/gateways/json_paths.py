"""Dotted paths into what a provider says: `data.0.code`."""

import json
from collections.abc import Mapping
from typing import Any

from shared.base.logs import mask_text


def parsed(body: bytes) -> Any:
    """The JSON of a body; None when it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def found_at(document: Any, path: str) -> Any:
    """What stands there; None when nothing does."""
    for word in path.split("."):
        if isinstance(document, Mapping):
            document = document.get(word)
        elif isinstance(document, list) and word.isdecimal() and int(word) < len(document):
            document = document[int(word)]
        else:
            return None
    return document


def plain(value: Any) -> str | None:
    """A plain value as JSON writes it, without quotes; None for anything else."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else None


def word_at(document: Any, path: str | None, longest: int = 200) -> str | None:
    """A plain value as one line of text; None where there is none."""
    value = plain(found_at(document, path)) if path else None
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())[:longest] if value else None


def reason_at(document: Any, path: str | None) -> str | None:
    """Why, in the provider's words, which may name whom it was for: that goes no further (AL-4)."""
    word = word_at(document, path)
    return mask_text(word) if word else None
