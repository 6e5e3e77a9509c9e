"""How calls look on a page: pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from shared.cli.grid import Column, table
from shared.cli.times import Times, at_home, when

Wire = Mapping[str, Any]

STYLES = {"missed": "bold red", "ringing": "yellow", "answered": "cyan", "ended": "green"}
LED_TO = {
    "opened": "to be called back",
    "joined": "joined an earlier one that waits to be called back",
    "withheld": "the number is withheld, so there is nobody to call back",
    "registered": "a case was registered on this call, so nobody has to call back",
    "served": "somebody spoke with the caller afterwards",
    "withdrawn": "it was answered after all: the exchange told it late",
}


def calls_page(calls: Sequence[Wire]) -> RenderableType:
    """Calls with what became of them."""
    home = [at_home(at) if (at := _at(call)) else None for call in calls]
    times = Times(home)
    columns = (
        Column("call"),
        Column("at"),
        Column("", drop=3),
        Column("number"),
        Column("state"),
        Column("spoke", wraps=True, drop=2),
        Column("case"),
        Column("", wraps=True, drop=4),
    )
    page = table(*columns, rows=[_row(call, times.short(at)) for call, at in zip(calls, home, strict=True)])
    return Group(page, Text(times.note(), "dim")) if times.note() else page


def _row(call: Wire, at: str) -> list[str | Text]:
    other = call["from"] if call["direction"] == "in" else call["to"]
    return [
        call["call_id"],
        at,
        call["direction"],
        other or "withheld",
        Text(call["state"], STYLES[call["state"]]),
        ", ".join(call["users"]),
        call.get("case_no", ""),
        call.get("callback", ""),
    ]


def call_lines(call: Wire) -> Iterator[str]:
    """A call in sentences."""
    arrow = f"{call['from'] or 'a withheld number'} → {call['to']}"
    yield f"Call {call['call_id']} {call.get('source', '')} is {call['state']}: {arrow} ({call['direction']})"
    if "customer" in call:
        yield f"customer: {', '.join(str(each) for each in call['customer'].values())}"
    spoke = f" by {', '.join(call['users'])}" if call["users"] else ""
    for name, words in (("started_at", "rang"), ("answered_at", f"answered{spoke}"), ("ended_at", "ended")):
        if name in call:
            yield f"{words}: {when(at_home(call[name]))}"
    if "callback" in call:
        yield LED_TO[call["callback"]]
    if "case_no" in call:
        yield f"case {call['case_no']}: aftercare case show {call['case_no']}"


def events_page(events: Sequence[Wire]) -> RenderableType:
    """What was told, in the order of what happened, and when it was heard."""
    names = ("user", "queue", "cause", "recording")
    rows = [
        [
            each["event"],
            when(at_home(each["at"])) if "at" in each else "not told",
            when(at_home(each["heard_at"])),
            " ".join(f"{name}={each[name]}" for name in names if name in each),
        ]
        for each in sorted(events, key=lambda each: str(each.get("at", each["heard_at"])))
    ]
    return table("event", "at", "heard", "", rows=rows)


def lost_page(found: Sequence[Wire]) -> RenderableType:
    """Calls that were lost, or are not on file as the exchange has them."""
    columns = (Column("line"), Column("call"), Column("why", wraps=True), Column("mended"), Column("case"))
    rows = [
        [
            ", ".join(str(row) for row in each["rows"]),
            each["call"]["call_id"],
            ", ".join(each["reasons"]),
            ", ".join(each["repaired"]),
            each["call"].get("case_no", ""),
        ]
        for each in found
    ]
    return table(*columns, rows=rows)


def _at(call: Wire) -> str | None:
    found: str | None = call.get("started_at") or call.get("answered_at") or call.get("ended_at")
    return found
