"""`aftercare case readers`: who read a case, for who checks it (AL-4)."""

from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from shared.cli.cases.language import EN, Lang
from shared.cli.cases.numbers import case_number
from shared.cli.cases.show import CaseNo
from shared.cli.grid import Column, table
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import say, show, show_json
from shared.cli.suite import Suite
from shared.cli.telling import Wire
from shared.cli.terms import term
from shared.cli.times import Times, at_home

FILTERS = (
    FieldOption("reader", "by", "Only reads of this person."),
    FieldOption("from", "from", "At this instant or later, with offset."),
    FieldOption("to", "to", "Before this instant, with offset."),
    FieldOption("after", "after", "Go on behind an earlier list."),
)
Limit = Annotated[int, typer.Option("--limit", min=1, max=500, help="How many at most.")]


@with_fields(FILTERS)
def readers(
    number: CaseNo,
    limit: Limit = 100,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
    lang: Lang = EN,
    **given: Any,
) -> None:
    """List who read a case, when, by which way and what they asked, oldest first.

    \b
    Examples:
      aftercare case readers 123456789012
      aftercare case readers 123456789012 --reader zhang.min
      aftercare case readers 123456789012 --lang zh --json
    """
    wanted = {option.field: given[option.name] for option in FILTERS if given[option.name]}
    answer = Suite.at(data).call("intake.accesses", {"case_no": case_number(number), "limit": limit, **wanted})
    if as_json:
        show_json(answer)
        return
    if not answer["accesses"]:
        say("Nobody has read it like that.")
        return
    show(readers_page(answer["accesses"], lang.value))
    if "next" in answer:
        say(f"There are more: --after {answer['next']} goes on from here.")


def readers_page(accesses: list[Wire], lang: str = "en") -> RenderableType:
    """A row for each read."""
    at = [at_home(each["at"]) for each in accesses]
    times = Times(at)
    rows = [
        [times.short(instant), each["by"], each["via"], each["what"], _question(each["question"])]
        for instant, each in zip(at, accesses, strict=True)
    ]
    titles = (Column(term("at", lang)), Column(term("reader", lang)), Column(term("via", lang), drop=1))
    page = table(*titles, Column(term("request", lang)), Column("", wraps=True, drop=2), rows=rows)
    return Group(page, Text(times.note(lang), "dim"))


def _question(question: Wire) -> str:
    return "  ".join(f"{name}={value}" for name, value in question.items())
