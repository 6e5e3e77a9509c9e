"""`aftercare case list` and `aftercare case mine`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import typer

from shared.cli.cases.language import EN, Lang
from shared.cli.cases.list_page import cases_page, urgent_page
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import say, show, show_json
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
    FieldOption("by", "by", "Only what this person may see."),
)

Limit = Annotated[int, typer.Option("--limit", min=1, help="How many to show at most.")]
After = Annotated[
    str | None, typer.Option("--after", metavar="TOKEN", help="Go on behind an earlier list.", show_default=False)
]
Newest = Annotated[bool, typer.Option("--newest", help="The newest first.")]
Owner = Annotated[str, typer.Option("--owner", metavar="NAME", help="Whose cases.")]


@with_fields(FILTERS)
def list_(
    limit: Limit = 100,
    after: After = None,
    newest: Newest = False,
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
    lang: Lang = EN,
    **given: Any,
) -> None:
    """List cases, oldest first.

    \b
    Examples:
      aftercare case list --state registered
      aftercare case list --newest --limit 20
      aftercare case list --region south.guangdong --kind complaint
      aftercare case list --from 2026-10-01T00:00:00+08:00 --json
    """
    wanted = filters(given) | ({"newest": True} if newest else {})
    with Suite.at(data).rpc() as rpc:
        cases, more = _some(rpc, wanted, limit, after)
    if as_json:
        show_json({"cases": cases} | ({"next": more} if more else {}))
    elif cases:
        show(cases_page(cases, lang.value))
        if more:
            say(f"{len(cases)} shown, there are more: --limit shows more at once, --after {more} goes on from here.")
    else:
        say("No case is like that.")


def mine(owner: Owner, data: Data = DEFAULT_DATA, as_json: AsJson = False, lang: Lang = EN) -> None:
    """List an owner's open cases with the clock that is due next, soonest first.

    A broken deadline that nobody has met yet comes before all others.

    \b
    Examples:
      aftercare case mine --owner lin
      aftercare case mine --owner lin --lang zh
    """
    with Suite.at(data).rpc() as rpc:
        cases = [case for case in find(rpc, {"owner": owner}) if case["state"] not in DONE_STATES]
        due = _due(rpc, owner)
    cases.sort(key=lambda case: _urgency(due.get(case["case_no"])))
    if as_json:
        show_json({"cases": [case | {"next_due": due.get(case["case_no"], [None])[0]} for case in cases]})
    elif cases:
        show(urgent_page([(case, due.get(case["case_no"], [])) for case in cases], lang.value))
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


def _some(rpc: Rpc, wanted: Mapping[str, Any], limit: int, after: str | None) -> tuple[list[Answer], str | None]:
    """So many cases, and where the next ones begin; None when there are no more."""
    cases: list[Answer] = []
    while True:
        page = {"limit": min(PAGE, limit - len(cases))} | ({"after": after} if after else {})
        answer = rpc.call("intake.find_cases", {**wanted, **page})
        cases += answer["cases"]
        after = answer.get("next")
        if after is None or len(cases) >= limit:
            return cases, after


def _due(rpc: Rpc, owner: str) -> dict[str, list[Answer]]:
    """The clocks that run or were overrun, by case, earliest due first."""
    found: dict[str, list[Answer]] = {}
    after: dict[str, Any] = {}
    while True:
        answer = rpc.call("sla.due", {"owner": owner, "breached": True, "limit": PAGE, **after})
        for clock in answer["clocks"]:
            found.setdefault(clock["case_no"], []).append(clock)
        if "next" not in answer:
            return found
        after = {"after": answer["next"]}


def _urgency(clocks: Sequence[Answer] | None) -> tuple[bool, Any]:
    return not clocks, parse_instant(clocks[0]["due_at"]) if clocks else None
