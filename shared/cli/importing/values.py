"""How a field of a request is made from the columns of a row: pure.

A value that its row leaves empty is None, and its field is left out. A column that cannot be read raises Invalid
at the column's name.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Protocol

from shared.kernel.errors import Invalid
from shared.kernel.instants import format_instant, parse_instant

Cells = Mapping[str, str]
"""One row: what stands in each column, spaces around it taken off."""

_PLACE = re.compile(r"\{([^{}]+)\}")


class Value(Protocol):
    """Anything that makes a value from a row."""

    @property
    def columns(self) -> Sequence[str]:
        """The columns that it reads."""
        ...

    def of(self, cells: Cells) -> Any:
        """The value for this row, None when the row leaves it empty; raises Invalid at the column."""
        ...


@dataclass(frozen=True)
class Constant:
    """The same for every row."""

    value: Any
    columns: Sequence[str] = ()

    def of(self, _cells: Cells) -> Any:
        """The value."""
        return self.value


@dataclass(frozen=True)
class Template:
    """Text with `{Column}` in it; a line whose columns are all empty is left out."""

    text: str

    @property
    def columns(self) -> Sequence[str]:
        """The columns named in braces."""
        return _PLACE.findall(self.text)

    def of(self, cells: Cells) -> str | None:
        """The filled text."""
        lines = [
            _PLACE.sub(lambda place: cells[place[1]], line) for line in self.text.splitlines() if _is_used(line, cells)
        ]
        return "\n".join(lines).strip() or None


def _is_used(line: str, cells: Cells) -> bool:
    names = _PLACE.findall(line)
    return not names or any(cells[name] for name in names)


@dataclass(frozen=True)
class LookedUp:
    """What a table says for the text in a column; without `otherwise`, a text that it does not know is wrong."""

    column: str
    table: Mapping[str, Any]
    otherwise: Any = None

    @property
    def columns(self) -> Sequence[str]:
        """The column."""
        return (self.column,)

    def of(self, cells: Cells) -> Any:
        """The table's value."""
        text = cells[self.column]
        if text in self.table:
            return self.table[text]
        if self.otherwise is None and text:
            raise Invalid.field(self.column, f"{text!r} is not in the table; known: {', '.join(self.table)}")
        return self.otherwise


@dataclass(frozen=True)
class Moment:
    """The instant that a column names; RFC 3339 without a format.

    A local time that a clock change skips is read with the offset before the gap, one that comes twice as the
    first of the two (PEP 495, fold=0).
    """

    column: str
    form: str | None
    zone: tzinfo

    @property
    def columns(self) -> Sequence[str]:
        """The column."""
        return (self.column,)

    def of(self, cells: Cells) -> str | None:
        """The instant, as RFC 3339 in UTC."""
        text = cells[self.column]
        if not text:
            return None
        return format_instant(self._read(text) if self.form else parse_instant(text, self.column), UTC)

    def _read(self, text: str) -> datetime:
        instant = _strptime(text, self.form or "", self.column)
        return instant if instant.tzinfo else instant.replace(tzinfo=self.zone)


@dataclass(frozen=True)
class Day:
    """The date that a column names."""

    column: str
    form: str

    @property
    def columns(self) -> Sequence[str]:
        """The column."""
        return (self.column,)

    def of(self, cells: Cells) -> str | None:
        """The date, as YYYY-MM-DD."""
        text = cells[self.column]
        return _strptime(text, self.form, self.column).date().isoformat() if text else None


@dataclass(frozen=True)
class Whole:
    """The whole number in a column."""

    column: str

    @property
    def columns(self) -> Sequence[str]:
        """The column."""
        return (self.column,)

    def of(self, cells: Cells) -> int | None:
        """The number."""
        text = cells[self.column]
        if text and not re.fullmatch(r"-?[0-9]{1,18}", text):
            raise Invalid.field(self.column, f"{text!r} is no whole number")
        return int(text) if text else None


@dataclass(frozen=True)
class Several:
    """A list; values that the row leaves empty are left out."""

    values: Sequence[Value]

    @property
    def columns(self) -> Sequence[str]:
        """The columns of every value."""
        return [name for value in self.values for name in value.columns]

    def of(self, cells: Cells) -> list[Any] | None:
        """The list."""
        return [each for each in (value.of(cells) for value in self.values) if each is not None] or None


@dataclass(frozen=True)
class RegionPath:
    """A region's path: each part a template, made into `[a-z0-9_-]+`; empty parts are left out."""

    parts: Sequence[Template]

    @property
    def columns(self) -> Sequence[str]:
        """The columns of every part."""
        return [name for part in self.parts for name in part.columns]

    def of(self, cells: Cells) -> str | None:
        """The path."""
        slugs = [slug(part.of(cells) or "") for part in self.parts]
        return ".".join(each for each in slugs if each) or None


def slug(text: str) -> str:
    """The text in a-z, 0-9 and hyphens: accents off, everything else a hyphen."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "-", plain.replace("'", "")).strip("-")


def _strptime(text: str, form: str, column: str) -> datetime:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 - the caller adds the mapping's zone
    except ValueError:
        raise Invalid.field(column, f"{text!r} is no date of the form {form}") from None
