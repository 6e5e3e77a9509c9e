"""`aftercare audit verify`."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from shared.cli.cases.language import EN, Lang, in_language
from shared.cli.cases.numbers import case_number, with_remedy
from shared.cli.grid import Column
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import say, show, show_json, table
from shared.kernel.errors import NotFound, Unavailable
from shared.runtime.package import Package

Case = Annotated[str, typer.Argument(metavar="[CASE]", help="Only this case; all of them unless named.")]

DB_URL: Final = "AFTERCARE_INTAKE_DB_URL"
EVIDENCE: Final = "AFTERCARE_INTAKE_EVIDENCE_FOLDER"
FOLDER: Final = "AFTERCARE_INTAKE_AUDIT_FOLDER"
WRONG: Final = 1
"""The exit code where something is not as it was written."""
CLEAN: Final = {
    "en": "Nothing was changed. Entries checked: {entries:,}.",
    "zh": "未发现改动。已核对条目：{entries:,}。",
}
FOUND: Final = {
    "en": "Not as it was written: {count:,}. Entries checked: {entries:,}.",
    "zh": "与写入时不一致：{count:,} 处。已核对条目：{entries:,}。",
}
UNWITNESSED: Final = {
    "en": "Written without a line of the witness: {named}. A crash or a new folder does that, and so does whoever adds "
    "entries that fit: look at these.",
    "zh": "没有见证记录的条目：{named}。崩溃或更换文件夹会造成这种情况，伪造并补入的条目也会如此：请核查。",
}
MOST_NAMED: Final = 10
TITLES: Final = {"en": ("where", "entry", "what is wrong"), "zh": ("位置", "条目", "问题")}


def verify(
    case: Case = "",
    data: Data = DEFAULT_DATA,
    lang: Lang = EN,
    as_json: AsJson = False,
) -> None:
    """Verify the record from its database, with the suite running or stopped; exit code 1 when anything is wrong.

    Checks every entry's seal and chain, every case against its entries, the signed digests, the witness and the
    reads. The database is the one in DIR, or AFTERCARE_INTAKE_DB_URL; what stands outside of it lies in DIR/audit,
    or AFTERCARE_INTAKE_AUDIT_FOLDER.

    \b
    Examples:
      aftercare audit verify
      aftercare audit verify 123456789012 --lang zh
      aftercare audit verify --data /var/lib/aftercare --json
    """
    case_no = case_number(case) if case else None
    with _bar(quiet=as_json or case_no is not None) as progress:
        try:
            verifying = Package.verifying("intake")
            report = verifying.verify(verifying.Places(**_places(data)), case_no, progress).told()
        except NotFound as error:
            raise with_remedy(error) from None
    if as_json:
        show_json(report)
    else:
        _tell(report, lang)
    if not report["clean"]:
        raise typer.Exit(WRONG)


def _places(data: Path) -> dict[str, Any]:
    """Where the record is: as the operator says, else where `aftercare up` keeps it."""
    folder = Path(os.environ.get(FOLDER) or data / "audit" / "intake")
    evidence = Path(os.environ.get(EVIDENCE) or data / "evidence")
    return {"db_url": os.environ.get(DB_URL) or _file(data), "folder": folder, "evidence": evidence}


def _file(data: Path) -> str:
    file = data.absolute() / "intake.db"
    if not file.is_file():
        raise Unavailable(f"there is no {file}; give --data, or name the database in {DB_URL}")
    return f"sqlite:///{file}"


@contextmanager
def _bar(*, quiet: bool) -> Iterator[Any]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # On standard error: standard output is for the report.
    bar = Progress(*columns, console=Console(file=sys.stderr), disable=quiet or not sys.stderr.isatty())
    with bar:
        task = bar.add_task("entries")
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _tell(report: Mapping[str, Any], lang: str) -> None:
    if report["findings"]:
        where, entry, what = TITLES[lang]
        columns = (Column(where), Column(entry), Column(what, wraps=True))
        rows = [
            [each["where"], str(each.get("seq", "")), in_language(each["what"], lang)] for each in report["findings"]
        ]
        show(table(*columns, rows=rows))
    say((CLEAN if report["clean"] else FOUND)[lang].format(**report))
    if unwitnessed := report["unwitnessed"]:
        named = ", ".join(f"{each['case_no']} ({each['seq']})" for each in unwitnessed[:MOST_NAMED])
        more = f" +{len(unwitnessed) - MOST_NAMED:,}" if len(unwitnessed) > MOST_NAMED else ""
        say(UNWITNESSED[lang].format(named=named + more))
