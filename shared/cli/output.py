"""What commands show: pages and tables for people, JSON for programs."""

import json
import sys
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text

from shared.cli.grid import Column, table

__all__ = ["Column", "console", "note", "say", "show", "show_json", "table"]

WIDE = 160
"""Columns of what draws itself as wide as it may, when nobody looks."""
ENDLESS = 100_000
"""Columns of a page when nobody looks: a pipe has no width, so nothing is wrapped or cut."""


def console() -> Console:
    """Where pages go; colours only on a terminal."""
    return Console(width=None if sys.stdout.isatty() else WIDE, highlight=False, soft_wrap=False)


def show(page: RenderableType) -> None:
    """Print a page; into a pipe one line a row."""
    if sys.stdout.isatty():
        console().print(page)
        return
    pipe = Console(width=ENDLESS, highlight=False)
    with pipe.capture() as captured:
        pipe.print(page)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def say(text: str) -> None:
    """Print one line, as it is."""
    console().print(Text(text), soft_wrap=True)


def note(text: str) -> None:
    """Say something beside the answer: on stderr, so that programs that read the answer do not stumble over it."""
    sys.stderr.write(f"aftercare: {text}\n")


def show_json(value: Any) -> None:
    """Print JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
