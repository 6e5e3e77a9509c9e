"""Asking a clerk on a terminal for what a registration lacks; every answer is checked at once."""

from collections.abc import Callable
from typing import Any

import marshmallow as ma

from shared.cli import border
from shared.cli.cases.fields import ASKED
from shared.cli.options import place

Ask = Callable[[str], str]
Complain = Callable[[str], None]


def ask_for_missing(request: dict[str, Any], *, everything: bool, ask: Ask, complain: Complain) -> None:
    """Complete the request: what is required and missing; with `everything` also what is good to have."""
    for path in ASKED:
        if at(request, path) is None and (is_required(path) or everything):
            _complete(request, path, ask, complain)


def is_required(path: str) -> bool:
    """Whether nothing can be registered without it."""
    return "." not in path and field_at(path).required


def field_at(path: str) -> ma.fields.Field[Any]:
    """The field of a registration at a dotted path."""
    *above, last = path.split(".")
    fields = border.registration_fields()
    for name in above:
        fields = border.inner_fields(fields[name]) or {}
    return fields[last]


def at(request: Any, path: str) -> Any:
    """What a request holds at a dotted path."""
    for name in path.split("."):
        request = request.get(name) if isinstance(request, dict) else None
    return request


def _complete(request: dict[str, Any], path: str, ask: Ask, complain: Complain) -> None:
    while True:
        text = ask(_question(path)).strip()
        if not text and not is_required(path):
            return
        wrong = border.check(field_at(path), text) if text else ["is required"]
        if not wrong:
            place(request, path, text)
            return
        complain(f"{path}: {'; '.join(wrong)}")


def _question(path: str) -> str:
    choices = border.choices(path) if "." not in path else ()
    words = f" ({', '.join(choices)})" if choices else ""
    return path + words + ("" if is_required(path) else " (Enter: none)")
