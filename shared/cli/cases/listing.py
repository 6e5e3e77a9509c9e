"""`aftercare case list` and `aftercare case mine`."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer
from rich.text import Text

from shared.cli.cases.page import SEVERITY_STYLES, left_text, when
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import say, show, show_json, table
from shared.cli.rpc import Answer, Rpc
from shared.cli.suite import Suite
from shared.kernel.instants import parse_instant

PAGE = 500
DONE_STATES = frozenset({"resolved", "revisited", "closed", "withdrawn"})
FILTERS = (
    FieldOption("state", "state", "Only cases in this state."),
    FieldOption("owner", "owner", "Only cases of this owner."),
    FieldOption("region", "region", "Only this region and those below it."),
    FieldOption("kind", "kind", "Only this kind."),
    FieldOption("category", "category", "Only this category."),
    FieldOption("severity", "severity", "Only this severity."),
    FieldOption("text", "text", "Only cases that hold this text."),
    FieldOption("from", "from", "Received at this instant or later, with offset."),
    FieldOption("to", "to", "Received before this instant, with offset."),
)

Limit = Annotated[int, typer.Option("--limit", min=1, help="How many to show at most.")]
Owner = Annotated[str, typer.Option("--owner", metavar="NAME", help="Whose cases.")]


@with_fields(FILTERS)
def list_(limit: Limit = 100, data: Data = DEFAULT_DATA, as_json: AsJson = False, **given: Any) -> None:
    """List cases, oldest first.

    \b
    Examples:
      aftercare case list --state registered
      aftercare case list --region south.guangdong --kind complaint --limit 20
      aftercare case list --from 2026-10-01T00:00:00+08:00 --json
    """
    with Suite.at(data).rpc() as rpc:
        found = find(rpc, filters(given))
        cases = [case for case, _ in zip(found, range(limit), strict=False)]
    if as_json:
        show_json({"cases": cases})
    elif cases:
        show(table("case", "received", "state", "kind", "severity", "owner", "subject", rows=map(_row, cases)))
    else:
        say("No case is like that.")


def mine(owner: Owner, data: Data = DEFAULT_DATA, as_json: AsJson = False) -> None:
    """List an owner's open cases with the clock that is due next, soonest first.

    \b
    Examples:
      aftercare case mine --owner lin
      aftercare case mine --owner lin --json
    """
    with Suite.at(data).rpc() as rpc:
        cases = [case for case in find(rpc, {"owner": owner}) if case["state"] not in DONE_STATES]
        next_due = _next_due(rpc, owner)
    cases.sort(key=lambda case: _urgency(next_due.get(case["case_no"])))
    if as_json:
        show_json({"cases": [case | {"next_due": next_due.get(case["case_no"])} for case in cases]})
    elif cases:
        rows = [_urgent_row(case, next_due.get(case["case_no"])) for case in cases]
        show(table("case", "due next", "clock", "left", "state", "severity", "subject", rows=rows))
    else:
        say(f"{owner} has no open case.")


def filters(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `find_cases` that were asked for."""
    return {option.field: given[option.name] for option in FILTERS if given[option.name]}


def find(rpc: Rpc, wanted: Mapping[str, Any]) -> Iterator[Answer]:
    """Every case like that, oldest first, a page at a time."""
    after: dict[str, Any] = {}
    while True:
        answer = rpc.call("intake.find_cases", {**wanted, "limit": PAGE, **after})
        yield from answer["cases"]
        if "next" not in answer:
            return
        after = {"after": answer["next"]}


def _next_due(rpc: Rpc, owner: str) -> dict[str, Answer]:
    """The running clock that is due first, by case."""
    first: dict[str, Answer] = {}
    after: dict[str, Any] = {}
    while True:
        answer = rpc.call("sla.due", {"owner": owner, "limit": PAGE, **after})
        for clock in answer["clocks"]:
            first.setdefault(clock["case_no"], clock)
        if "next" not in answer:
            return first
        after = {"after": answer["next"]}


def _urgency(clock: Answer | None) -> tuple[bool, Any]:
    return clock is None, parse_instant(clock["due_at"]) if clock else None


def _row(case: Answer) -> list[str | Text]:
    return [
        case["case_no"],
        when(case["milestones"]["received"]) if "received" in case["milestones"] else "",
        case["state"],
        case["kind"],
        _severity(case),
        case.get("owner", ""),
        case.get("subject", ""),
    ]


def _urgent_row(case: Answer, clock: Answer | None) -> list[str | Text]:
    due: list[str | Text] = [when(clock["due_at"]), clock["clock"], left_text(clock)] if clock else ["", "", ""]
    return [case["case_no"], *due, case["state"], _severity(case), case.get("subject", "")]


def _severity(case: Answer) -> Text:
    return Text(case["severity"], SEVERITY_STYLES.get(case["severity"], ""))
