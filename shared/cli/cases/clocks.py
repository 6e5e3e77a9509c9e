"""`aftercare case clocks`."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType
from rich.text import Text

from shared.cli.cases.clock_part import clock_table, provisional_note
from shared.cli.cases.language import EN, Lang
from shared.cli.cases.look import STATE_STYLES, WORKING, Wire, clock_name, words
from shared.cli.cases.numbers import case_number
from shared.cli.cases.show import CaseNo
from shared.cli.durations import short_duration, working_hours
from shared.cli.grid import Column, table
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import show, show_json
from shared.cli.suite import Suite
from shared.cli.terms import ZH, term
from shared.cli.times import Times

STYLES = {"breached": STATE_STYLES["breached"], "warned": "yellow", "breach_revoked": "green", "cancelled": "dim"}

History = Annotated[bool, typer.Option("--history", help="Everything that was said of them, from the ledger.")]


def clocks(
    number: CaseNo, history: History = False, data: Data = DEFAULT_DATA, as_json: AsJson = False, lang: Lang = EN
) -> None:
    """Show the clocks of a case; with --history all that was said of them, and how far each was overrun.

    \b
    Examples:
      aftercare case clocks 123456789012
      aftercare case clocks 123456789012 --history
      aftercare case clocks 123456789012 --history --lang zh
    """
    asked = {"case_no": case_number(number)}
    with Suite.at(data).rpc() as rpc:
        told = rpc.call("sla.clocks", asked)
        if history:
            told |= rpc.call("sla.ledger", asked)
    if as_json:
        show_json(told)
    elif not told["clocks"] and not told.get("entries"):
        show(Text("没有时限。" if lang == ZH else "No clocks.", "dim"))
    else:
        show(ledger_page(told, lang.value) if history else clocks_page(told["clocks"], lang.value))


def clocks_page(found: Sequence[Wire], lang: str) -> RenderableType:
    """Where each clock stands."""
    times = Times([clock.get(name) for clock in found for name in ("due_at", "stopped_at")])
    notes = [note for note in (provisional_note(found, lang), times.note(lang)) if note]
    return Group(clock_table(found, times, lang), *(Text(note, "dim") for note in notes))


def ledger_page(told: Wire, lang: str) -> RenderableType:
    """Everything that was said, in its order, then the overruns."""
    entries = told["entries"]
    times = Times([each.get(name) for each in entries for name in ("at", "due_at")])
    rows = [
        [
            times.short(each["at"]),
            clock_name(each, lang),
            Text(words(each["text"], lang), STYLES.get(each["change"], "")),
            times.short(each.get("due_at")),
            each.get("by", ""),
            f"{each['policy_version']}, {each['calendar_version']}",
        ]
        for each in entries
    ]
    titles = [term(title, lang) for title in ("at", "clock", "what happened", "due", "by", "versions")]
    columns = [Column(titles[0]), Column(titles[1]), Column(titles[2], wraps=True), Column(titles[3])]
    page = table(*columns, Column(titles[4], drop=1), Column(titles[5], drop=2), rows=rows)
    overrun = [Text(_overrun(each, lang), STATE_STYLES["late"]) for each in told["overruns"]]
    return Group(page, *overrun, Text(times.note(lang), "dim"))


def _overrun(found: Any, lang: str) -> str:
    name, elapsed = clock_name(found, lang), short_duration(found["elapsed_seconds"], lang)
    by = elapsed
    if found["measure"] != "elapsed":
        own = working_hours if found["measure"] == WORKING else short_duration
        by = own(found["seconds"], lang)
        by += f"（工作时间，自然时间{elapsed}）" if lang == ZH else f" as the limit counts ({elapsed} elapsed)"
    doubt = "" if found["confirmed"] else ("；与台账不符" if lang == ZH else "; the ledger says otherwise")
    return f"{name}：超时{by}{doubt}" if lang == ZH else f"{name}: overrun by {by}{doubt}"
