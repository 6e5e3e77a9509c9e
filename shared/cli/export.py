"""`aftercare export`: cases in bulk, whole as JSON Lines or as a table (IN-18)."""

import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from shared.cli.cases.listing import FILTERS, filters
from shared.cli.exporting.run import export_file, export_stream
from shared.cli.files import STANDARD_OUTPUT
from shared.cli.options import DEFAULT_DATA, Data, with_fields
from shared.cli.output import say
from shared.cli.suite import Suite
from shared.kernel.errors import Invalid, Unavailable

LINES: Final = "jsonl"
FORMATS: Final = (LINES, "csv")

File = Annotated[str, typer.Argument(help="Where to write; - for standard output.")]
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="|".join(FORMATS), help="How; by the name of the file unless said."),
]


@with_fields(FILTERS)
def export(file: File, form: Format = None, data: Data = DEFAULT_DATA, **given: Any) -> None:
    """Write cases, oldest first: as JSON Lines each with its facts and history, or as a table for a spreadsheet.

    A file is there when it is complete. One that was broken off is called FILE.part: run the same command again to go
    on. In a table, texts that a spreadsheet would take for a formula have a ' in front.

    \b
    Examples:
      aftercare export cases.jsonl
      aftercare export open.csv --state investigating
      aftercare export - --state closed --region south | gzip > closed.jsonl.gz
    """
    chosen = _form(file, form)
    with Suite.at(data).rpc() as rpc:
        if file == STANDARD_OUTPUT:
            export_stream(rpc, sys.stdout, chosen, filters(given))
            return
        with _progress() as bar:
            task = bar.add_task(file, told=0)
            try:
                count = export_file(rpc, Path(file), chosen, filters(given), lambda cases: bar.update(task, told=cases))
            except (KeyboardInterrupt, Unavailable) as stopped:
                why = str(stopped) or "interrupted"
                raise Unavailable(f"{why}; run the same command again to go on") from None
    say(f"{count} cases are in {file}.")


def _form(file: str, form: str | None) -> str:
    """The form asked for, or the one that the file's name tells."""
    if form is not None and form not in FORMATS:
        raise Invalid.field("--format", f"must be one of {', '.join(FORMATS)}")
    named = Path(file).suffix.lower().removeprefix(".")
    return form or (named if named in FORMATS else LINES)


def _progress() -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}: {task.fields[told]} cases"), TimeElapsedColumn())
    # On standard error: standard output may be read by a program.
    return Progress(*columns, console=Console(file=sys.stderr), disable=not sys.stderr.isatty())
