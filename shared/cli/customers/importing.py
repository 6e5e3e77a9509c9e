"""`aftercare customer import`: the customer file from a table, a customer a row."""

import re
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from shared.cli.importing.conversation import Call, Entered
from shared.cli.importing.flights import Flights
from shared.cli.importing.journal import digest
from shared.cli.importing.refused import RefusedRows, Report
from shared.cli.importing.rows import CsvFile, Row
from shared.cli.options import DEFAULT_DATA, AsJson, Data
from shared.cli.output import say, show, show_json, table
from shared.cli.problems import one_line
from shared.cli.rpc import Rpc
from shared.cli.suite import Suite
from shared.kernel.errors import AftercareError, Invalid

SOME_REFUSED: Final = 1
PERSON: Final = ("source", "external_ref", "customer_id", "name", "address")
LISTS: Final = {"phone": "phones", "email": "emails"}
ITEM: Final = "model serial_no order_no part_no batch purchased_on shipped_on produced_on site region".split()
COLUMNS: Final = (*PERSON, *LISTS, *ITEM, "protected")
_BETWEEN: Final = re.compile(r"[;；、]")
_FLAGS: Final = {"yes": True, "true": True, "1": True, "是": True, "no": False, "false": False, "0": False, "否": False}

File = Annotated[Path, typer.Argument(help=f"A CSV file; its first line names columns among {', '.join(COLUMNS)}.")]
Delimiter = Annotated[str, typer.Option("--delimiter", metavar="SIGN", help="What stands between two cells.")]
Encoding = Annotated[str, typer.Option("--encoding", metavar="NAME", help="The encoding of the file.")]


def import_(
    file: File,
    delimiter: Delimiter = ",",
    encoding: Encoding = "utf-8-sig",
    data: Data = DEFAULT_DATA,
    as_json: AsJson = False,
) -> None:
    """Take customers in from a CSV file, whose columns are named like the fields.

    A row is a customer and one thing that they own; rows with the same external_ref are one customer. Several numbers
    or addresses stand in one cell, with ; between them. A row that is wrong is refused with its line and reason, the
    rest goes in. Run it again after a stop: what is in already is left as it is. Ends with 1 when rows were refused.

    \b
    Examples:
      aftercare customer import customers.csv
      aftercare customer import crm.csv --encoding gb18030 --delimiter ";" --json
    """
    suite = Suite.at(data)
    folder = suite.data / "imports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with CsvFile(file, encoding, delimiter) as rows:
        _refuse_columns(rows.header)
        with RefusedRows(folder / f"{file.stem}-customers", rows.header) as refused, Rpc(suite.amqp_uri) as rpc:
            counted = _take(rows, digest("customers", file), refused, rpc)
        summary = {**counted, "refused": refused.count, "report": str(refused.path) if refused.count else None}
        _tell(summary, refused, as_json=as_json)


def request_of(cells: Mapping[str, Any]) -> dict[str, Any]:
    """The request that a row is; raises Invalid."""
    given = {name: value for name, value in cells.items() if value}
    request: dict[str, Any] = {name: given[name] for name in PERSON if name in given}
    for name, field in LISTS.items():
        if values := [each.strip() for each in _BETWEEN.split(given.get(name, "")) if each.strip()]:
            request[field] = values
    if item := {name: given[name] for name in ITEM if name in given}:
        request["orders" if set(item) == {"order_no"} else "equipment"] = [item]
    if "protected" in given:
        request["protected"] = _flag(given["protected"])
    return request


def _flag(text: str) -> bool:
    if text.casefold() not in _FLAGS:
        raise Invalid.field("protected", "must be yes or no")
    return _FLAGS[text.casefold()]


def _refuse_columns(header: list[str]) -> None:
    unknown = [name for name in header if name not in COLUMNS]
    if unknown or len(set(header)) != len(header):
        why = f"no such columns: {', '.join(unknown)}" if unknown else "a column is there twice"
        raise Invalid(f"{why}; there are {', '.join(COLUMNS)}")


def _take(rows: CsvFile, job: str, refused: Report, rpc: Rpc) -> dict[str, int]:
    counted = {"rows": 0, "new": 0, "known": 0}

    def land(row: Row, outcome: Entered | AftercareError) -> None:
        if isinstance(outcome, Entered):
            counted["known" if outcome.was_known else "new"] += 1
        else:
            refused.add(row, one_line(outcome))

    # One at a time where rows may tell of the same customer: the second completes the first.
    flights: Flights[Row] = Flights(rpc, land, width=1 if "external_ref" in rows.header else 50)
    for row in rows.rows():
        counted["rows"] += 1
        flights.start(row, _converse(row, f"customers-{job}-{row.line}"))
    flights.finish()
    return counted


def _converse(row: Row, request_id: str) -> Generator[Call, dict[str, Any], Entered]:
    if row.wrong:
        raise Invalid(row.wrong)
    answer = yield Call("intake.add_customer", {**request_of(row.cells), "request_id": request_id})
    return Entered(answer["customer_id"], not answer["created"])


def _tell(summary: dict[str, Any], refused: Report, *, as_json: bool) -> None:
    if as_json:
        show_json(summary)
    else:
        say(
            "{rows} rows: {new} customers are new, {known} were on file, {refused} rows were refused.".format(**summary)
        )
        if refused.count:
            show(table("line", "why", rows=[[str(line), why] for line, why in refused.first]))
            say(f"The report with the rows: {refused.path}")
    if refused.count:
        raise typer.Exit(SOME_REFUSED)
