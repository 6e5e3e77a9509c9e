"""`aftercare import`."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from shared.cli.importing.mapping import HISTORY, LIVE
from shared.cli.importing.run import Job, Tally, Watch, run
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import say, show, show_json, table
from shared.cli.suite import Suite
from shared.kernel.errors import Unavailable

SOME_REFUSED = 1
SHOWN_EVERY_SECONDS = 0.1

File = Annotated[Path, typer.Argument(help="A CSV file, whose first line names the columns, or JSON Lines (.jsonl).")]
Mapping = Annotated[
    Path | None,
    typer.Option("--mapping", metavar="MAPPING", help="What each column of a CSV file means, in YAML."),
]
Past = Annotated[
    bool,
    typer.Option(
        "--history/--live",
        help="History takes facts at their own times, escalates nothing and sends nothing; live registers as of now.",
    ),
]


def import_(
    file: File, mapping: Mapping = None, history: Past = True, data: Data = DEFAULT_DATA, as_json: AsJson = False
) -> None:
    """Take cases in from a CSV file or from JSON Lines.

    A row that is wrong is refused with its line and reason, and the rest goes in; the report lies in DIR/imports.
    Run it again to go on where it stopped: what is in already is left as it is. Ends with 1 when rows were refused.
    How a mapping is written is told in deploy/mappings/baltimore311.yaml. JSON Lines need none: each line is a
    registration as the contract writes it, with "steps": [{"step": …}, …] where something happened afterwards.

    \b
    Examples:
      aftercare import baltimore311.csv --history \\
        --mapping deploy/mappings/baltimore311.yaml
      aftercare import calls.csv --mapping calls.yaml --live --json
      aftercare import cases.jsonl --history
    """
    suite = Suite.at(data)
    begun = time.monotonic()
    try:
        tally = _with_progress(Job(file, mapping, HISTORY if history else LIVE), suite, quiet=as_json)
    except (KeyboardInterrupt, Unavailable) as stopped:
        why = str(stopped) or "interrupted"
        raise Unavailable(f"{why}; what went in is safe, run the same command again to go on") from None
    seconds = time.monotonic() - begun
    if as_json:
        show_json(_summary(tally, seconds))
    else:
        _tell(tally, seconds)
    if tally.refused:
        raise typer.Exit(SOME_REFUSED)


def _with_progress(job: Job, suite: Suite, *, quiet: bool) -> Tally:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[told]}"),
    )
    # On standard error: standard output is for the summary.
    bar = Progress(*columns, console=Console(file=sys.stderr), disable=quiet or not sys.stderr.isatty())
    with bar:
        task = bar.add_task(job.file.name, total=1.0, told="")
        return run(job, suite, _watch(bar, task))


def _watch(bar: Progress, task: TaskID) -> Watch:
    last = 0.0

    def watch(part: float, tally: Tally) -> None:
        nonlocal last
        if part == 1.0 or time.monotonic() - last > SHOWN_EVERY_SECONDS:
            last = time.monotonic()
            bar.update(task, completed=part, told=f"{tally.rows} rows, {tally.refused} refused")

    return watch


def _summary(tally: Tally, seconds: float) -> dict[str, object]:
    return {
        "rows": tally.rows,
        "new": tally.new,
        "known": tally.known,
        "refused": tally.refused,
        "report": str(tally.report) if tally.report else None,
        "seconds": round(seconds, 3),
    }


def _tell(tally: Tally, seconds: float) -> None:
    say(
        f"{tally.rows} rows in {seconds:.1f} s: {tally.new} cases are new, {tally.known} were in already, "
        f"{tally.refused} rows were refused."
    )
    if tally.refused:
        show(table("line", "why", rows=[[str(line), why] for line, why in tally.first_refused]))
        more = tally.refused - len(tally.first_refused)
        say((f"… and {more} more. " if more > 0 else "") + f"The report with the rows: {tally.report}")
