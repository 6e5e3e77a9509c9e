"""Marshmallow at the border: one call that refuses with every wrong field at once."""

from collections.abc import Iterator, Mapping
from typing import Any

import marshmallow as ma

from shared.kernel.errors import Invalid

LONGEST_NAME = 100


def load(schema: ma.Schema, data: Any) -> dict[str, Any]:
    """The validated request; raises Invalid whose detail is {dotted field path: [why, …]}."""
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ma.ValidationError as error:
        detail = dict(_flatten(error.messages))
        named = ", ".join(sorted(detail))
        raise Invalid(f"not acceptable: {named}", detail) from None
    return loaded


def _flatten(messages: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            below = path if key == ma.exceptions.SCHEMA else f"{path}.{_shown(key)}" if path else _shown(key)
            yield from _flatten(inner, below)
    else:
        yield path or "request", [str(message) for message in messages]


def _shown(key: Any) -> str:
    """A field's name as it may be shown: the caller chose it, and it may be long or no text that UTF-8 can carry."""
    return str(key).encode("utf-8", "replace").decode()[:LONGEST_NAME]
