"""`aftercare case step`."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from shared.cli import border
from shared.cli.cases.effect import clocks_of, effect
from shared.cli.cases.numbers import split_number, with_remedy
from shared.cli.cases.warnings import warn_of_unknown
from shared.cli.options import DEFAULT_DATA, AsJson, Data, place
from shared.cli.output import say, show, show_json, table
from shared.cli.problems import in_words_of
from shared.cli.rpc import Rpc
from shared.cli.suite import Suite
from shared.cli.telling import spoken
from shared.cli.times import when
from shared.kernel.errors import Conflict, Invalid, NotFound

Words = Annotated[
    list[str],
    typer.Argument(
        metavar="CASE [STEP] [KEY=VALUE]",
        help="The case number, the step, its fields (KEY:=JSON for anything that is no text). "
        "Without STEP the legal ones are shown.",
    ),
]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who takes it.", show_default=False)]

NOBODY = ""


def step(words: Words, by: By = NOBODY, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """Take a step of a case. Without STEP, show which steps are legal now and what they need.

    A field with parts is written with dots; at, at_reason and expected_version are fields too.

    \b
    Examples:
      aftercare case step 1234 5678 9012
      aftercare case step 123456789012 hand_over --by chen owner=lin
      aftercare case step 123456789012 reply --by lin \\
        text="We come on Monday." plan="New tiles" \\
        by_when=2026-10-12T18:00:00+08:00
      aftercare case step 123456789012 give_opinion --by lin \\
        accountable=lin text="Laid too wet." \\
        warning.text="Check the moisture before laying."
      aftercare case step 123456789012 determine_cause --by lin \\
        cause=quality_defect departments=production,purchasing \\
        grounds="Batch 7 was too thin" ours=true
    """
    suite = Suite.at(data)
    case_no, rest = split_number(words)
    with suite.rpc() as rpc:
        try:
            if not rest:
                _show_legal(rpc, case_no, as_json)
                return
            _take(rpc, {**request_of(rest[0], rest[1:]), "case_no": case_no, "by": by}, as_json)
        except NotFound as error:
            raise with_remedy(error) if error.detail == {"case_no": case_no} else error from None


def _take(rpc: Rpc, request: dict[str, Any], as_json: bool) -> None:
    if not request["by"]:
        raise Invalid.field("--by", "say who takes the step")
    before = None if as_json else clocks_of(rpc, request["case_no"])
    try:
        case = rpc.call("intake.take_step", request)
    except Invalid as error:
        raise in_words_of(error, {"by": "--by"}, "is required: write {}=…") from None
    warn_of_unknown(rpc, case, request)
    if as_json:
        show_json(case)
        return
    fact = case["facts"][-1]
    say(f"Case {spoken(case['case_no'])} is {case['state']}, version {case['version']}.")
    say(f"{fact['fact']} at {when(fact['at'])} by {fact['by']}" + (f", key {fact['key']}" if "key" in fact else ""))
    for line in effect(rpc, case, before):
        say(line)


def request_of(name: str, fields: Sequence[str]) -> dict[str, Any]:
    """The request that a step and its KEY=VALUE words mean; raises Invalid for what is no field."""
    request: dict[str, Any] = {"step": name}
    for each in fields:
        key, is_given, text = each.partition("=")
        if not is_given or not key.strip(":"):
            raise Invalid.field(each, "write KEY=VALUE")
        if key.endswith(":"):
            place(request, key[:-1], _json(key[:-1], text))
        else:
            place(request, key, _meant(name, key, text))
    return request


def _json(key: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise Invalid.field(key, "what follows := is not JSON") from None


def _meant(step: str, path: str, text: str) -> Any:
    *above, last = path.split(".")
    fields = border.steps().get(step, {})
    for name in above:
        fields = (border.inner_fields(fields[name]) if name in fields else None) or {}
    return border.from_text(fields, last, text)


def _show_legal(rpc: Rpc, case_no: str, as_json: bool) -> None:
    case = rpc.call("intake.get_case", {"case_no": case_no})
    legal = _legal(rpc, case_no)
    if as_json:
        show_json({"case_no": case["case_no"], "state": case["state"], "waiting": case["waiting"], "legal": legal})
        return
    say(f"Case {spoken(case['case_no'])} is {case['state']}; legal now:")
    show(table("step", "fields", rows=[[each, _usage(each)] for each in legal]))


def _legal(rpc: Rpc, case_no: str) -> list[str]:
    """What intake names as legal when a step is refused: no case stands at version 0, so nothing is done."""
    try:
        rpc.call("intake.take_step", {"case_no": case_no, "step": "close", "by": "system:cli", "expected_version": 0})
    except Conflict as refused:
        legal: list[str] = refused.detail["legal"]
        return legal
    raise Invalid("intake took a step that must be refused; do not trust this case")


def _usage(step: str) -> str:
    fields = border.own_fields(step).items()
    return "  ".join(f"{name}=…" if field.required else f"[{name}=…]" for name, field in fields)
