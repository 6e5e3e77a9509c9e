"""A preview page by page, a publication and its progress: what both commands do with the service."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from shared.cli.options import FieldOption
from shared.cli.output import say, show, show_json
from shared.cli.problems import in_words_of
from shared.cli.rpc import Answer, Rpc
from shared.cli.rules.pages import preview_page, said
from shared.cli.suite import Suite
from shared.kernel.errors import Invalid

SECONDS = 60.0
POLL_SECONDS = 0.2
CHOICES = "keep, from_now or recompute"

RUNNING = FieldOption("running", "running", f"What becomes of running clocks: {CHOICES}.")
PUBLISHING = (
    RUNNING,
    FieldOption("by", "by", "Who publishes it."),
    FieldOption("note", "note", "A word on why."),
    FieldOption("no-wait", "no_wait", "Do not wait until every clock is derived anew.", is_flag=True),
)
OPTIONS = {name: f"--{name}" for name in ("running", "by", "note", "version", "name")}
RECOMPUTE = "recompute"

Examples = Annotated[int, typer.Option("--examples", min=0, max=100, help="How many examples to show.")]


def preview(suite: Suite, request: Mapping[str, Any], examples: int, *, as_json: bool) -> None:
    """Show what a version would change; nothing is changed."""
    with suite.rpc(SECONDS) as rpc, _bar("looking", quiet=as_json) as (bar, task):
        told = _all_pages(rpc, {**request, "examples": examples}, bar, task)
    if as_json:
        show_json(told)
    else:
        show(preview_page(told))


def _all_pages(rpc: Rpc, request: dict[str, Any], bar: Progress, task: TaskID) -> Answer:
    whole = page = _asked(rpc, "sla.preview", request)
    bar.update(task, total=whole["candidates"], completed=page["cases"])
    while "next" in page:
        left = max(0, request["examples"] - len(whole["examples"]))
        page = _asked(rpc, "sla.preview", {**request, "examples": left, "after": page["next"]})
        whole = _added(whole, page)
        bar.update(task, completed=whole["cases"])
    return {name: value for name, value in whole.items() if name != "next"}


def _added(whole: Answer, page: Answer) -> Answer:
    rows = {(each["region"], each["clock"]): dict(each) for each in whole["counts"]}
    for each in page["counts"]:
        row = rows.setdefault((each["region"], each["clock"]), {name: each[name] for name in ("region", "clock")})
        row |= {name: row.get(name, 0) + value for name, value in each.items() if isinstance(value, int)}
    added = {
        "counts": [rows[key] for key in sorted(rows)],
        "examples": whole["examples"] + page["examples"],
        "cases": whole["cases"] + page["cases"],
    }
    problems = whole.get("problems", {}) | page.get("problems", {})
    return whole | added | ({"problems": problems} if problems else {})


def publish(suite: Suite, method: str, request: Mapping[str, Any], given: Mapping[str, Any], *, as_json: bool) -> None:
    """Publish a version as PUBLISHING was given and, unless told otherwise, watch until its clocks are derived anew."""
    said_of_it = {name: given[name] for name in ("running", "by", "note") if given[name]}
    with suite.rpc(SECONDS) as rpc:
        told = _asked(rpc, method, {**request, **said_of_it})
        if not given["no_wait"]:
            told = _watched(rpc, told, quiet=as_json)
    if as_json:
        show_json(told)
        return
    say(said(told))
    for number, why in told.get("problems", {}).items():
        say(f"{number}: {why}")


def _watched(rpc: Rpc, told: Answer, *, quiet: bool) -> Answer:
    asked = {name: told[name] for name in ("kind", "name", "version")}
    with _bar("deriving", quiet=quiet) as (bar, task):
        while told["state"] != "done":
            bar.update(task, total=told["cases"] or None, completed=told["done"])
            time.sleep(POLL_SECONDS)
            (told,) = _asked(rpc, "sla.publications", asked)["publications"]
    return told


@contextmanager
def _bar(what: str, *, quiet: bool) -> Iterator[tuple[Progress, TaskID]]:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    # On standard error: standard output is for the answer.
    console = Console(file=sys.stderr)
    with Progress(*columns, console=console, transient=True, disable=quiet or not sys.stderr.isatty()) as bar:
        yield bar, bar.add_task(what, total=None)


def _asked(rpc: Rpc, method: str, request: Mapping[str, Any]) -> Answer:
    try:
        return rpc.call(method, request)
    except Invalid as error:
        raise in_words_of(error, OPTIONS) from None
