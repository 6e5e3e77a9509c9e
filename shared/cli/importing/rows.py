"""CSV -> rows: a broken line refuses itself, not the file.

An unclosed quote would swallow what follows it; so a record that does not come out right refuses its first line only,
and reading goes on with the next one.
"""

import csv
import io
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from shared.cli.importing.values import Cells
from shared.kernel.errors import Invalid, NotFound

LONGEST_RECORD_LINES = 500
LONGEST_RECORD_CHARACTERS = 500_000


@dataclass(frozen=True)
class Row:
    """One record: the line it begins on, its cells as they stand, and why it cannot be used, if so."""

    line: int
    raw: Sequence[str]
    cells: Cells
    wrong: str = ""


class CsvFile:
    """A CSV file open for reading; use it as a context manager."""

    def __init__(self, path: Path, encoding: str, delimiter: str, header: Sequence[str] = ()) -> None:
        self.path = path
        self.encoding = encoding
        self.delimiter = delimiter
        self.size = 0
        self.header: list[str] = list(header)
        """The names of the columns; from the first line unless the file has none there."""
        self._line = 1
        self._waiting: deque[str] = deque()

    def __enter__(self) -> "CsvFile":
        try:
            # What is not in the encoding becomes lone surrogates, so that only its own row is refused.
            self._bytes: IO[bytes] = self.path.open("rb")
            self._handle = io.TextIOWrapper(self._bytes, self.encoding, errors="surrogateescape", newline="")
            self.size = self.path.stat().st_size
        except FileNotFoundError:
            raise NotFound(f"there is no file {self.path}") from None
        except OSError as error:
            raise Invalid(f"cannot read {self.path}: {error.strerror}") from None
        try:
            self.header = self.header or self._read_header()
        except Invalid:
            self._handle.close()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self._handle.close()

    def need(self, places: Mapping[str, str]) -> None:
        """Raise Invalid when a column that the mapping uses is not there, or is there twice."""
        missing = [f"{column!r} ({place})" for column, place in places.items() if column not in self.header]
        if missing:
            has = ", ".join(self.header)
            raise Invalid(f"{self.path.name} lacks the columns {', '.join(missing)} of the mapping; it has: {has}")
        twice = sorted(column for column in places if self.header.count(column) > 1)
        if twice:
            raise Invalid(f"{self.path.name} has more than one column {', '.join(map(repr, twice))}")

    def position(self) -> int:
        """About how many bytes have been read."""
        return self._bytes.tell()

    def rows(self) -> Iterator[Row]:
        """Every record after the header; blank lines are nothing."""
        while lines := self._record():
            first = self._line
            row = self._row(first, lines)
            if row.wrong and len(lines) > 1:
                self._waiting.extendleft(reversed(lines[1:]))
                row = Row(first, [lines[0].rstrip("\r\n")], {}, f"{row.wrong}; is a quote open in this line?")
                lines = lines[:1]
            self._line += len(lines)
            if row.raw or row.wrong:
                yield row

    def _read_header(self) -> list[str]:
        lines = self._record()
        self._line = 1 + len(lines)
        cells = self._split(lines)
        if not cells or not any(cells):
            raise Invalid(f"{self.path.name} is empty; its first line must name the columns")
        return [cell.strip() for cell in cells]

    def _row(self, line: int, lines: list[str]) -> Row:
        cells = self._split(lines)
        if cells is None:
            return Row(line, [lines[0].rstrip("\r\n")], {}, "is not CSV")
        if not cells:
            return Row(line, [], {})
        if len(cells) != len(self.header):
            return Row(line, cells, {}, f"has {len(cells)} cells, the header has {len(self.header)}")
        named = {name: cell.strip() for name, cell in zip(self.header, cells, strict=True)}
        foreign = [name for name, cell in named.items() if not cell.isascii() and not _is_text(cell)]
        wrong = f"{', '.join(foreign)}: is not {self.encoding.removesuffix('-sig')}" if foreign else ""
        return Row(line, cells, named, wrong)

    def _split(self, lines: list[str]) -> list[str] | None:
        try:
            return next(csv.reader(lines, delimiter=self.delimiter, strict=True), [])
        except csv.Error:
            return None

    def _record(self) -> list[str]:
        """The lines up to where every quote is closed, or as many as one record may have."""
        lines: list[str] = []
        quotes = characters = 0
        while line := self._next_line():
            lines.append(line)
            quotes += line.count('"')
            characters += len(line)
            if quotes % 2 == 0 or len(lines) >= LONGEST_RECORD_LINES or characters >= LONGEST_RECORD_CHARACTERS:
                break
        return lines

    def _next_line(self) -> str:
        if self._waiting:
            return self._waiting.popleft()
        try:
            return self._handle.readline()
        except UnicodeError:
            raise Invalid(f"{self.path.name} is not {self.encoding}") from None


def _is_text(cell: str) -> bool:
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True
