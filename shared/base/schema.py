"""Marshmallow at the border: one call that refuses with every wrong field at once."""

from collections.abc import Iterator, Mapping
from typing import Any

import marshmallow as ma

from shared.kernel.errors import Invalid


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
            below = path if key == ma.exceptions.SCHEMA else f"{path}.{key}" if path else str(key)
            yield from _flatten(inner, below)
    else:
        yield path or "request", [str(message) for message in messages]
