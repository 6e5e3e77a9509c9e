"""`aftercare audit reads`."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from shared.cli.cases.numbers import case_number
from shared.cli.grid import Column
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import say, show, show_json, table
from shared.cli.rpc import Rpc
from shared.cli.suite import Suite
from shared.cli.times import Times, at_home

Case = Annotated[str, typer.Argument(metavar="[CASE]", help="Only reads that showed this case.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Only what this person or token read.")]
Since = Annotated[str, typer.Option("--from", metavar="INSTANT", help="Only from then on, RFC 3339 with offset.")]
Until = Annotated[str, typer.Option("--to", metavar="INSTANT", help="Only before then.")]


def reads(
    case: Case = "",
    by: By = "",
    since: Since = "",
    until: Until = "",
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Show who read a case, when, and by which question; oldest first.

    \b
    Examples:
      aftercare audit reads 123456789012
      aftercare audit reads --by zhang.min \\
        --from 2026-10-09T00:00:00+08:00
    """
    given = {"case_no": case_number(case) if case else "", "by": by, "from": since, "to": until}
    request = {name: value for name, value in given.items() if value}
    with Suite.at(data).rpc() as rpc:
        found = list(_pages(rpc, request))
    if as_json:
        show_json({"accesses": found})
    elif not found:
        say("Nobody has read that.")
    else:
        _tell(found)


def _pages(rpc: Rpc, request: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    following: dict[str, Any] = {}
    while True:
        page = rpc.call("intake.accesses", {**request, **following})
        yield from page["accesses"]
        if "next" not in page:
            return
        following = {"after": page["next"]}


def _tell(found: list[Mapping[str, Any]]) -> None:
    instants = [at_home(each["at"]) for each in found]
    times = Times(instants)
    rows = [
        [times.short(at), each["by"], each["via"], each["what"], _asked(each), ", ".join(each["case_nos"])]
        for at, each in zip(instants, found, strict=True)
    ]
    columns = ("when", "who", Column("by way of", drop=2), "what", Column("asked", wraps=True, drop=1))
    show(table(*columns, Column("cases", wraps=True), rows=rows))


def _asked(read: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in read["question"].items())
