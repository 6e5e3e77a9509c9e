"""The report of refused rows, in the form of their file: to be corrected and taken in again."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from shared.cli.importing.lines import REFUSED
from shared.cli.importing.rows import Row
from shared.kernel.errors import Misconfigured

SHOWN = 10


class Report:
    """Writes the report as rows are refused; leaves no file when none is."""

    suffix = ""

    def __init__(self, path: Path) -> None:
        self.path = path.with_name(f"{path.name}-refused{self.suffix}")
        self.count = 0
        self.first: list[tuple[int, str]] = []
        self._handle: IO[str] | None = None

    def __enter__(self) -> "Report":
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise Misconfigured([f"cannot write {self.path}: {error.strerror}"]) from None
        return self

    def __exit__(self, *_error: object) -> None:
        if self._handle:
            self._handle.close()

    def add(self, row: Row, reason: str) -> None:
        """This row is not in, and why."""
        self.count += 1
        if len(self.first) < SHOWN:
            self.first.append((row.line, reason))
        if self._handle is None:
            self.path.touch(mode=0o600)
            self._handle = self.path.open("w", encoding="utf-8", errors="backslashreplace", newline="", buffering=1)
            self._begin(self._handle)
        self._write(self._handle, row, reason)

    def _begin(self, out: IO[str]) -> None:
        """What stands before the first row."""

    def _write(self, out: IO[str], row: Row, reason: str) -> None:
        raise NotImplementedError


class RefusedRows(Report):
    """As CSV: line, reason and the row as it stood."""

    suffix = ".csv"

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        super().__init__(path)
        self._header = header

    def _begin(self, out: IO[str]) -> None:
        csv.writer(out).writerow(["line", "reason", *self._header])

    def _write(self, out: IO[str], row: Row, reason: str) -> None:
        csv.writer(out).writerow([row.line, reason, *row.raw])


class RefusedLines(Report):
    """As JSON Lines: what was told, with line and reason in a field that is no matter when it comes back."""

    suffix = ".jsonl"

    def _write(self, out: IO[str], row: Row, reason: str) -> None:
        why = {"line": row.line, "reason": reason}
        try:
            told = json.loads(row.raw[0])
        except ValueError:
            told = None
        whole = told if isinstance(told, dict) else {}
        shown = why if isinstance(told, dict) else why | {"text": row.raw[0]}
        out.write(json.dumps({**whole, REFUSED: shown}, ensure_ascii=False) + "\n")
