"""`aftercare calls reconcile`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.cli.calls.page import lost_page
from shared.cli.calls.records import Record, reading_records
from shared.cli.importing.rows import Row
from shared.cli.options import DEFAULT_DATA, AsJson, Data, FieldOption, with_fields
from shared.cli.output import say, show, show_json, table
from shared.cli.problems import one_line
from shared.cli.rpc import Answer
from shared.cli.suite import Suite
from shared.kernel.errors import Invalid, Unavailable

AT_ONCE = 100
"""Rows of one request, unless one call has more."""
MOST = 500
SECONDS = 60
SHOWN = 50
LEFT = 1

File = Annotated[Path, typer.Argument(help="The exchange's records: CSV, or JSON Lines (.jsonl).")]
Mapping = Annotated[Path | None, typer.Option("--mapping", metavar="MAPPING", help="What each column means, in YAML.")]
ASKED = (
    FieldOption("source", "source", "The exchange, as it names itself in events."),
    FieldOption("apply", "apply", "Put lost calls on file; a missed one is then called back.", is_flag=True),
    FieldOption(
        "open-cases", "open_cases", "Also open an inquiry for each answered call that led to no case.", is_flag=True
    ),
)


@dataclass
class Found:
    """What came of all rows."""

    read: int = 0
    calls: int = 0
    known: int = 0
    found: list[Answer] = field(default_factory=list)
    refused: list[Answer] = field(default_factory=list)

    def add(self, answer: Answer) -> None:
        """What came of some rows."""
        self.calls += answer["calls"]
        self.known += answer["known"]
        self.found += answer["found"]
        self.refused += answer["refused"]

    @property
    def is_all_well(self) -> bool:
        """Whether no row was refused and no call is left lost; a call without a case is a matter of judgement."""
        left = [set(each["reasons"]) - {*each["repaired"], "no_case"} for each in self.found]
        return not self.refused and not any(left)


@with_fields(ASKED)
def reconcile(
    file: File, mapping: Mapping = None, data: Data = DEFAULT_DATA, as_json: AsJson = False, **given: Any
) -> None:
    """Hold the exchange's own records against what it told: which calls were lost?

    Reasons: unheard (nothing was told of the call), incomplete (its answer or its end was not), contradicts (it was
    told otherwise), no_case (somebody spoke with the caller and registered nothing). Nothing is changed without
    --apply. Run it as often as you like: what was mended is known then, and one that was broken off goes on.
    Ends with 1 when rows were refused or lost calls are left.

    A mapping is needed for CSV, and for JSON Lines in the exchange's own words; how it is written is told in
    deploy/mappings/calls-asterisk.yaml.

    \b
    Examples:
      aftercare calls reconcile Master.csv --source exchange-1 \\
        --mapping deploy/mappings/calls-asterisk.yaml
      aftercare calls reconcile Master.csv --source exchange-1 \\
        --mapping deploy/mappings/calls-asterisk.yaml --apply
      aftercare calls reconcile calls.jsonl --apply --open-cases --json
    """
    asked = {option.field: given[option.name] for option in ASKED if given[option.name]}
    if "open_cases" in asked and "apply" not in asked:
        raise Invalid.field("--open-cases", "opens nothing without --apply")
    suite = Suite.at(data)
    found = Found()
    with reading_records(file, mapping) as rows:
        records = _sorted_out(rows, found)
    _ask(suite, asked, records, found)
    if as_json:
        show_json(vars(found))
    else:
        _tell(found, applied="apply" in asked)
    if not found.is_all_well:
        raise typer.Exit(LEFT)


def _sorted_out(rows: Iterator[tuple[Row, Record | Invalid]], found: Found) -> list[Record]:
    """What the rows mean, with their lines; those of one call side by side, because they are judged together."""
    calls: dict[tuple[str, str], list[Record]] = {}
    for row, record in rows:
        found.read += 1
        if isinstance(record, Invalid):
            found.refused.append({"row": row.line, "errors": record.detail or {"row": [record.message]}})
        else:
            key = (str(record.get("source", "")), str(record.get("call_id", "")))
            calls.setdefault(key, []).append({**record, "row": row.line})
    return [record for legs in calls.values() for record in legs]


def _ask(suite: Suite, asked: dict[str, Any], records: Sequence[Record], found: Found) -> None:
    with suite.rpc(SECONDS) as rpc:
        for some in portions(records):
            try:
                found.add(rpc.call("intake.reconcile_calls", {**asked, "calls": some}))
            except Unavailable as away:
                done = f"{found.calls} calls are done; run the same command again to go on"
                raise Unavailable(f"{away}; {done}") from None
    found.refused.sort(key=lambda each: int(each["row"]))


def portions(records: Sequence[Record]) -> Iterator[list[Record]]:
    """So many at once; the rows of one call not apart, unless there are more than one request may hold."""
    portion: list[Record] = []
    for record in records:
        goes_on = bool(portion and record.get("call_id")) and record["call_id"] == portion[-1].get("call_id")
        if len(portion) >= (MOST if goes_on else AT_ONCE):
            yield portion
            portion = []
        portion.append(record)
    if portion:
        yield portion


def _tell(found: Found, *, applied: bool) -> None:
    mended = sum(bool(each["repaired"]) for each in found.found)
    say(
        f"{found.read} rows, {found.calls} calls: {found.known} are on file as they should be, {len(found.found)} are "
        f"not{f', {mended} of them were mended' if applied else ''}; {len(found.refused)} rows were refused."
    )
    if found.found:
        show(lost_page(found.found[:SHOWN]))
    if found.refused:
        whys = [one_line(Invalid("", each["errors"])) for each in found.refused[:SHOWN]]
        rows = [[str(each["row"]), why] for each, why in zip(found.refused, whys, strict=False)]
        show(table("line", "refused because", rows=rows))
    if len(found.found) > SHOWN or len(found.refused) > SHOWN:
        say(f"The first {SHOWN} of each are shown; --json shows all.")
    if found.found and not applied:
        say("Nothing was changed; --apply puts lost calls on file.")
