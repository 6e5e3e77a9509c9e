"""`aftercare escalation story`."""

from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import show, show_json, table
from shared.cli.suite import Suite
from shared.kernel.instants import parse_instant

STATE_STYLES = {"open": "bold red", "acknowledged": "yellow", "resolved": "green"}

CaseNo = Annotated[str, typer.Argument(metavar="CASE", help="The case number; spaces and hyphens do not matter.")]


class Language(StrEnum):
    """In which the story is told."""

    EN = "en"
    ZH = "zh"


Lang = Annotated[Language, typer.Option(help="The language of the story.")]


def story(case_no: CaseNo, data: Data = DEFAULT_DATA, as_json: AsJson = False, lang: Lang = Language.EN) -> None:
    """Show the story of a case's escalations: what fired, who was told, when, by which rule.

    \b
    Examples:
      aftercare escalation story 123456789012
      aftercare escalation story "1234 5678 9012" --lang zh
      aftercare escalation story 123456789012 --json
    """
    with Suite.at(data).rpc() as rpc:
        told = rpc.call("escalation.story", {"case_no": case_no})
    if as_json:
        show_json(told)
    else:
        show(story_page(case_no, told, lang.value))


def story_page(case_no: str, told: dict[str, Any], lang: str) -> RenderableType:
    """The story as a page: how each escalation stands, then line by line what happened."""
    if not told["entries"]:
        return Text(f"Case {case_no} was never escalated.")
    rows = [[when(entry["at"]), entry["text"][lang], entry["rule"]] for entry in told["entries"]]
    return Group(*map(_state, told["escalations"]), Text(), table("when", "what happened", "rule", rows=rows))


def when(instant: str) -> str:
    """An instant of the wire for people, on the wall of its region."""
    return f"{parse_instant(instant):%a %Y-%m-%d %H:%M:%S}"


def _state(escalation: dict[str, Any]) -> Text:
    state = escalation["state"]
    line = Text.assemble(
        f"{escalation['escalation_id']}  ", (state, STATE_STYLES[state]), f", level {escalation['level']}"
    )
    if "next_at" in escalation:
        line.append(f", looked at again {when(escalation['next_at'])}")
    return line
