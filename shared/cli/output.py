"""What commands show: pages and tables for people, JSON for programs."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

WIDE = 160
"""Columns when nobody looks: a pipe has no width, and nothing must be cut."""


def console() -> Console:
    """Where pages go; colours only on a terminal."""
    return Console(width=None if sys.stdout.isatty() else WIDE, highlight=False, soft_wrap=False)


def show(page: RenderableType) -> None:
    """Print a page."""
    console().print(page)


def say(text: str) -> None:
    """Print one line, as it is."""
    console().print(Text(text), soft_wrap=True)


def show_json(value: Any) -> None:
    """Print JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def table(*columns: str, rows: Iterable[Sequence[str | Text]]) -> Table:
    """A plain table; texts are shown as they are, never read as markup."""
    made = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
    return made
