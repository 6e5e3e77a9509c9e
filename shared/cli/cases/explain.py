"""`aftercare case explain`: why a clock of a case is due when it is, and what a wait would do to it."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from shared.cli.cases.language import EN, Lang
from shared.cli.cases.look import clock_name, words
from shared.cli.cases.numbers import split_number, with_remedy
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import show, show_json
from shared.cli.prose import Prose
from shared.cli.strip import BLOCKS, Drawing, Marks, Span, marks_for, strip
from shared.cli.suite import Suite
from shared.cli.terms import ZH
from shared.kernel.errors import Invalid, NotFound
from shared.kernel.instants import parse_instant

Words = Annotated[list[str], typer.Argument(metavar="CASE [CLOCK]", help="The case number, and which of its clocks.")]
WAIT = (
    FieldOption("if-waiting-from", "if_waiting_from", "As if it waited from this instant on; or now."),
    FieldOption("if-resumed-at", "if_resumed_at", "As if that wait, or the one that goes on, ended then."),
)
Ascii = Annotated[bool, typer.Option("--ascii", help="Draw with plain ASCII alone.")]
WHY_OFF = {
    "weekend": {"en": "day off", "zh": "休息日"},
    "holiday": {"en": "holiday", "zh": "节假日"},
}


@with_fields(WAIT)
def explain(
    asked: Words,
    plain: Ascii = False,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
    lang: Lang = EN,
    **wait: str | None,
) -> None:
    """Why a clock is due when it is: in words and as a strip of days; also if the case waited.

    \b
    Examples:
      aftercare case explain 1234 5678 9012 opinion
      aftercare case explain 123456789012 opinion --lang zh
      aftercare case explain 123456789012 opinion --if-waiting-from now
      aftercare case explain 123456789012 resolution --if-waiting-from now \\
        --if-resumed-at 2026-10-15T09:00:00+08:00
    """
    case_no, rest = split_number(asked)
    if len(rest) > 1:
        raise Invalid.field("CLOCK", f"{' '.join(rest)!r} is more than one; name one clock, or none for all")
    given = {"clock": rest[0] if rest else None, **wait}
    request = {"case_no": case_no} | {name: value for name, value in given.items() if value is not None}
    with Suite.at(data).rpc() as rpc:
        try:
            told = rpc.call("sla.explain", request)
        except NotFound as error:
            raise error if error.detail else with_remedy(error) from None
    if as_json:
        show_json(told)
    else:
        show(explanation_page(told, lang.value, marks_for(plain)))


def explanation_page(told: Mapping[str, Any], lang: str, marks: Marks = BLOCKS) -> RenderableType:
    """Each clock: its sentences, and the strip of what was counted."""
    parts: list[RenderableType] = []
    for each in told["explanations"]:
        if len(told["explanations"]) > 1:
            parts.append(Text(clock_name(each["clock"], lang), "bold"))
        parts.append(Prose(_sentences(each, lang)))
        if each["counted"] or each["pauses"]:
            parts.append(strip(_drawing(each, lang), marks))
    return Group(*parts)


def _sentences(told: Mapping[str, Any], lang: str) -> Text:
    said = [words(told["text"], lang), _capital(words(told["stops"], lang))]
    if "if" in told:
        said.append(_capital(words(told["if"]["text"], lang)))
    return Text(("" if lang == ZH else " ").join(said))


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _drawing(told: Mapping[str, Any], lang: str) -> Drawing:
    clock = told["clock"]
    counted = [_span(each) for each in told["counted"]]
    begin = parse_instant(clock["started_at"])
    end = max([begin, parse_instant(clock["due_at"]) if not told["cut"] else begin, *(last for _, last in counted)])
    return Drawing(
        zone=ZoneInfo(told["rule"]["zone"]),
        begin=begin,
        end=end,
        counted=counted,
        # A wait that goes on is drawn to where the picture ends.
        waited=[_span({"to": end.isoformat()} | each) for each in told["pauses"]],
        off={date.fromisoformat(each["date"]): words(WHY_OFF[each["why"]], lang) for each in told["days_off"]},
        made_up=[date.fromisoformat(day) for day in told["make_up_days"]],
        lang=lang,
    )


def _span(told: Mapping[str, str]) -> Span:
    return parse_instant(told["from"]), parse_instant(told["to"])
