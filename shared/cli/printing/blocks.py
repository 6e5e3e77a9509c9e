"""What a sheet of paper is made of, whatever draws it: pure data."""

from collections.abc import Sequence
from dataclasses import dataclass

Pair = tuple[str, str]
"""A label and its value."""


@dataclass(frozen=True)
class Heading:
    """The name of a section."""

    text: str


@dataclass(frozen=True)
class Pairs:
    """Labels with short values, side by side where there is room."""

    pairs: Sequence[Pair]


@dataclass(frozen=True)
class Passage:
    """Running text under its label, as long as it likes."""

    label: str
    text: str


@dataclass(frozen=True)
class Entry:
    """One thing that happened: a line that says what, when, by whom, and below it what was said."""

    head: str
    lines: Sequence[Pair] = ()


@dataclass(frozen=True)
class Grid:
    """A small table; `shares` are the widths of its columns against each other."""

    titles: Sequence[str]
    shares: Sequence[int]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Signatures:
    """A box for each signature that is wanted."""

    labels: Sequence[str]


@dataclass(frozen=True)
class Remark:
    """A line in small print."""

    text: str


Block = Heading | Pairs | Passage | Entry | Grid | Signatures | Remark


@dataclass(frozen=True)
class Sheet:
    """One form; it begins on a page of its own. `code` is drawn as bars too, for scanners."""

    title: str
    code: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Paper:
    """What is printed together: its sheets, what stands at the foot of every page, and when it was made."""

    title: str
    sheets: Sequence[Sheet]
    foot: str
    page: str
    """How pages are counted: `{number}` of `{total}`."""
    made_at: str
    """RFC 3339, of the suite's clock: the same case at the same instant is the same file."""
