"""Files that commands write: readable by their owner only, and there when they are complete."""

import csv
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from shared.kernel.errors import Invalid, Misconfigured

STANDARD_OUTPUT = "-"
BYTE_ORDER_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def opened(file: str) -> Iterator[IO[str]]:
    """The file, readable by its owner only, there when it is complete; or standard output."""
    if file == STANDARD_OUTPUT:
        yield sys.stdout
        return
    path = Path(file)
    temporary = path.with_name(path.name + ".part")
    try:
        temporary.unlink(missing_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Misconfigured([f"cannot write {path}: {error.strerror}"]) from None
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
        yield out
    temporary.replace(path)


def save(file: str, data: bytes) -> None:
    """Write what is no text, under the same promises; raises Invalid where it would go to a terminal."""
    if file == STANDARD_OUTPUT:
        if sys.stdout.isatty():
            raise Invalid.field("--out", "this is no text for a terminal: name a file, or send it through a pipe")
        sys.stdout.buffer.write(data)
        return
    with opened(file) as out:
        out.buffer.write(data)  # type: ignore[attr-defined] # a text file has one


def write_csv(file: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write a table that spreadsheets open as it is: in the right letters, and no text of it becomes a formula."""
    with opened(file) as out:
        if file != STANDARD_OUTPUT:
            out.write(BYTE_ORDER_MARK)
        table = csv.writer(out)
        table.writerow(columns)
        table.writerows([[harmless(value) for value in row] for row in rows])


def harmless(value: Any) -> Any:
    """The value; a text that a spreadsheet would reckon with gets a quote in front."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
