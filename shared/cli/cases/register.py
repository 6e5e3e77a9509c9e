"""`aftercare case register`."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.cli import border
from shared.cli.cases.asking import ask_for_missing
from shared.cli.cases.fields import OPTIONS, REGISTRATION
from shared.cli.cases.language import EN, Lang
from shared.cli.cases.page import registered_page
from shared.cli.cases.warnings import warn_of_unknown
from shared.cli.options import DEFAULT_DATA, AsJson, Data, place, with_fields
from shared.cli.output import note, show, show_json
from shared.cli.problems import in_words_of
from shared.cli.suite import Suite
from shared.kernel.errors import Invalid, NotFound

FromJson = Annotated[
    str | None,
    typer.Option("--from-json", metavar="FILE", help="Take the request from a JSON file, or - for standard input."),
]


@with_fields(REGISTRATION)
def register(
    from_json: FromJson = None, data: Data = DEFAULT_DATA, as_json: AsJson = False, lang: Lang = EN, **given: Any
) -> None:
    """Register a case and print its number and the promise for the customer.

    On a terminal, required fields that are missing are asked for; without any option, those that are good to have too.

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
    options = [option for option in REGISTRATION if given[option.name]]
    for option in options:
        place(request, option.field, _meant(option.field, given[option.name]))
    request.setdefault("customer", {})
    if sys.stdin.isatty() and not from_json:
        ask_for_missing(request, everything=not options, ask=_ask, complain=note)
    with Suite.at(data).rpc() as rpc:
        try:
            answer = rpc.call("intake.register_case", request)
        except Invalid as error:
            raise error if from_json else in_words_of(error, OPTIONS) from None
        warn_of_unknown(rpc, answer, request)
    if as_json:
        show_json(answer)
    else:
        show(registered_page(answer, lang.value))


def _ask(question: str) -> str:
    answer: str = typer.prompt(question, default="", show_default=False)
    return answer


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
