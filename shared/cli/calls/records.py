"""An exchange's own records -> rows of `reconcile_calls`: CSV, or JSON Lines in its own words or the contract's."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared.cli import border
from shared.cli.importing.lines import SUFFIXES, LinesFile
from shared.cli.importing.mapping import Condition, Tree
from shared.cli.importing.mapping_file import conditions_of, delimiter_of, encoding_of, reader_of
from shared.cli.importing.rows import CsvFile, Row
from shared.cli.importing.values import Cells
from shared.cli.importing.yaml_file import load_yaml
from shared.kernel.errors import Invalid
from shared.kernel.reading import Problems

Record = dict[str, Any]

_TOP = ("encoding", "delimiter", "zone", "dates", "tables", "header", "answered", "call")
_DEEPEST = 5


@dataclass(frozen=True)
class RecordMapping:
    """What each column means."""

    encoding: str
    delimiter: str
    header: list[str]
    call: Tree
    answered: Sequence[Condition] = ()
    """Whether somebody answered, where the instant alone does not tell."""
    places: Mapping[str, str] = field(default_factory=dict)

    def record(self, cells: Cells) -> Record:
        """The row of `reconcile_calls` that a row means; raises Invalid at its columns, all at once."""
        found: Record = {}
        wrong: dict[str, list[str]] = {}
        for name, value in self.call.items():
            try:
                found[name] = value.of(cells)  # type: ignore[union-attr]  # a row's fields have no parts
            except Invalid as error:
                wrong |= error.detail
        if wrong:
            raise Invalid("this row cannot be read", wrong)
        if not all(condition.holds(cells) for condition in self.answered):
            found["answered_at"] = None
        return {name: value for name, value in found.items() if value is not None}


def read_record_mapping(path: Path) -> RecordMapping:
    """The mapping in a file; raises Misconfigured with everything that is wrong."""
    file = load_yaml(path)
    problems = Problems()
    for key in sorted(set(file) - set(_TOP), key=str):
        problems.add(str(key), f"no such key; there are {', '.join(_TOP)}")
    reader = reader_of(file, problems)
    fields = border.call_row_fields()
    answered = conditions_of("answered", file.get("answered", []), reader)
    call = reader.tree("call", file.get("call", {}), fields)
    for name, each in fields.items():
        if each.required and name not in call:
            problems.add(f"call.{name}", "is missing")
    header = file.get("header", [])
    if not isinstance(header, list) or len(set(map(str, header))) < len(header):
        problems.add("header", "must be a list of the columns' names, each once")
        header = []
    mapping = RecordMapping(
        encoding=encoding_of(file, problems),
        delimiter=delimiter_of(file, problems),
        header=[str(name) for name in header],
        call=call,
        answered=answered,
        places=reader.places,
    )
    problems.refuse(path.name)
    return mapping


@contextmanager
def reading_records(file: Path, mapping: Path | None) -> Iterator[Iterator[tuple[Row, Record | Invalid]]]:
    """Each row with the record that it means, or why it means none."""
    read = read_record_mapping(mapping) if mapping else None
    if file.suffix.lower() in SUFFIXES:
        with LinesFile(file) as lines:
            yield _told(lines.rows(), read)
    elif read is None:
        raise Invalid.field("--mapping", "a table needs one; see deploy/mappings/calls-asterisk.yaml")
    else:
        with CsvFile(file, read.encoding, read.delimiter, read.header) as table:
            table.need(read.places)
            yield ((row, _record(row, row.cells, read)) for row in table.rows())


def _told(rows: Iterator[Row], mapping: RecordMapping | None) -> Iterator[tuple[Row, Record | Invalid]]:
    for row in rows:
        told = {} if row.wrong else json.loads(row.raw[0])
        if mapping is not None:
            yield row, _record(row, _Flat(_flat(told)), mapping)
        else:
            yield row, Invalid(row.wrong) if row.wrong else told


def _record(row: Row, cells: Cells, mapping: RecordMapping) -> Record | Invalid:
    if row.wrong:
        return Invalid(row.wrong)
    try:
        return mapping.record(cells)
    except Invalid as error:
        return error


class _Flat(dict[str, str]):
    """The values of an object by their paths; what it does not have is empty, as it is in a table."""

    def __missing__(self, name: str) -> str:
        return ""


def _flat(told: Any, path: str = "", depth: int = 0) -> dict[str, str]:
    if isinstance(told, dict) and depth < _DEEPEST:
        found: dict[str, str] = {}
        for name, value in told.items():
            found |= _flat(value, f"{path}.{name}" if path else str(name), depth + 1)
        return found
    return {path: "" if told is None else str(told).strip()}
