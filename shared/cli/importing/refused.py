"""The report of refused rows: CSV with line, reason and the row as it stood, to be corrected and taken in again."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from shared.cli.importing.rows import Row
from shared.kernel.errors import Misconfigured

SHOWN = 10


class RefusedRows:
    """Writes the report as rows are refused; leaves no file when none is."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path = path
        self.count = 0
        self.first: list[tuple[int, str]] = []
        self._header = header
        self._handle: IO[str] | None = None

    def __enter__(self) -> "RefusedRows":
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
        self._writer().writerow([row.line, reason, *row.raw])

    def _writer(self) -> Any:
        fresh = self._handle is None
        if self._handle is None:
            self.path.touch(mode=0o600)
            self._handle = self.path.open("w", encoding="utf-8", errors="backslashreplace", newline="", buffering=1)
        writer = csv.writer(self._handle)
        if fresh:
            writer.writerow(["line", "reason", *self._header])
        return writer
