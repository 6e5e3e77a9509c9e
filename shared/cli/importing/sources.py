"""The two forms in which cases come in bulk: rows of a table that a mapping explains, lines of JSON that need none."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from shared.cli.importing.lines import SUFFIXES, LinesFile
from shared.cli.importing.mapping import CaseMapping, Plan, plan
from shared.cli.importing.mapping_file import read_mapping
from shared.cli.importing.refused import RefusedLines, RefusedRows, Report
from shared.cli.importing.rows import CsvFile, Row
from shared.kernel.errors import Invalid


class Source(Protocol):
    """A file that is being read."""

    @property
    def size(self) -> int:
        """Bytes of the file."""

    def position(self) -> int:
        """About how many bytes have been read."""

    def rows(self) -> Iterator[Row]:
        """Every row of it."""

    def plan(self, row: Row, mode: str) -> Plan:
        """The requests of one row; raises Invalid."""

    def report(self, path: Path) -> Report:
        """Where its refused rows are written."""


class MappedRows:
    """A CSV file read by a mapping."""

    def __init__(self, file: CsvFile, mapping: CaseMapping) -> None:
        self._file = file
        self._mapping = mapping
        self.size = file.size
        self.position = file.position
        self.rows = file.rows

    def plan(self, row: Row, mode: str) -> Plan:
        """As the mapping has it."""
        return plan(self._mapping, row.cells, mode)

    def report(self, path: Path) -> RefusedRows:
        """With the file's own columns."""
        return RefusedRows(path, self._file.header)


class PlainLines:
    """A file of JSON Lines in the contract's own words."""

    def __init__(self, file: LinesFile) -> None:
        self.size = file.size
        self.position = file.position
        self.rows = file.rows
        self.plan = file.plan

    def report(self, path: Path) -> RefusedLines:
        """Line by line."""
        return RefusedLines(path)


@contextmanager
def reading(file: Path, mapping: Path | None) -> Iterator[Source]:
    """The file open for reading; raises Invalid when it needs a mapping and has none, or the other way round."""
    has_lines = file.suffix.lower() in SUFFIXES
    if has_lines and mapping is None:
        with LinesFile(file) as lines:
            yield PlainLines(lines)
    elif has_lines or mapping is None:
        why = "JSON Lines need no mapping: leave it out" if has_lines else "a table needs one; see deploy/mappings"
        raise Invalid.field("--mapping", why)
    else:
        read = read_mapping(mapping)
        with CsvFile(file, read.encoding, read.delimiter) as table:
            table.need(read.places)
            yield MappedRows(table, read)
