"""`aftercare case register`."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.cli import border
from shared.cli.cases.fields import ASKED, MAY_BE_EMPTY, REGISTRATION
from shared.cli.cases.page import registered_page
from shared.cli.options import DEFAULT_DATA, AsJson, Data, place, with_fields
from shared.cli.output import show, show_json
from shared.cli.suite import Suite
from shared.kernel.errors import Invalid, NotFound

FromJson = Annotated[
    str | None,
    typer.Option("--from-json", metavar="FILE", help="Take the request from a JSON file, or - for standard input."),
]


@with_fields(REGISTRATION)
def register(from_json: FromJson = None, data: Data = DEFAULT_DATA, as_json: AsJson = False, **given: Any) -> None:
    """Register a case and print its number and the promise for the customer.

    On a terminal, what is missing is asked for.

    \b
    Examples:
      aftercare case register
      aftercare case register --kind complaint --channel phone \\
        --phone 13812345678 --subject "Tiles came off" \\
        --description "Twelve tiles in the kitchen came off."
      aftercare case register --from-json case.json
      cat case.json | aftercare case register --from-json - --json
    """
    request = _read(from_json) if from_json else {}
    for option in REGISTRATION:
        if given[option.name]:
            place(request, option.field, _meant(option.field, given[option.name]))
    request.setdefault("customer", {})
    if sys.stdin.isatty() and not from_json:
        _ask(request)
    answer = Suite.at(data).call("intake.register_case", request)
    if as_json:
        show_json(answer)
    else:
        show(registered_page(answer))


def _read(source: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
        request = json.loads(text)
    except OSError as error:
        raise NotFound(f"cannot read {source}: {error.strerror}") from None
    except ValueError as error:
        raise Invalid(f"{source} is not JSON: {error}") from None
    if not isinstance(request, dict):
        raise Invalid(f"{source} must hold one JSON object")
    return request


def _meant(path: str, text: Any) -> Any:
    """What a text typed for this field means."""
    if not isinstance(text, str):
        return text
    *above, last = path.split(".")
    fields = border.registration_fields()
    for name in above:
        fields = border.inner_fields(fields[name]) or {}
    return border.from_text(fields, last, text)


def _ask(request: dict[str, Any]) -> None:
    """Ask for what is missing."""
    for path in ASKED:
        if _at(request, path) is None and not (path in MAY_BE_EMPTY and request["customer"].get("anonymous")):
            text = typer.prompt(_question(path), default="" if path in MAY_BE_EMPTY else None, show_default=False)
            if text:
                place(request, path, text)


def _at(request: Any, path: str) -> Any:
    for name in path.split("."):
        request = request.get(name) if isinstance(request, dict) else None
    return request


def _question(path: str) -> str:
    words = border.choices(path) if "." not in path else ()
    return path + (f" ({', '.join(words)})" if words else "")
