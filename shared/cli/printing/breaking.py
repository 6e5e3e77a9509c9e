"""Running text broken into lines: Chinese anywhere but before its closing marks, other words at spaces only. Pure."""

import re
from collections.abc import Callable, Iterator
from typing import Final

Width = Callable[[str], float]

CLINGS: Final = "，。；：、）！？》〉」』】”’…—·％,.;:!?)]}%"
"""Marks that never begin a line."""
LEADS: Final = "（《〈「『【“‘([{"
"""Marks that never end one."""
_PIECES: Final = re.compile(r"\s+|[^\s\u2e80-\uffff\U00020000-\U0003ffff]+|.", re.DOTALL)


def broken(text: str, width: Width, room: float) -> list[str]:
    """The lines of one paragraph, none wider than `room` unless a single letter is; spaces at their ends are gone."""
    lines, line, used = [], "", 0.0
    for piece in _pieces(text, width, room):
        wide = width(piece)
        if line and used + wide > room and not piece.isspace():
            lines.append(line.rstrip())
            line, used = "", 0.0
        line, used = line + piece, used + wide
    return [*lines, line.rstrip()]


def _pieces(text: str, width: Width, room: float) -> Iterator[str]:
    """What is not broken: words, letters with their marks; of what is wider than a line each letter."""
    held = ""
    for found in _PIECES.findall(text):
        joins = held and (held[-1] in LEADS or found[0] in CLINGS) and not (held.isspace() or found.isspace())
        if joins:
            held += found
            continue
        yield from _fitting(held, width, room)
        held = found
    yield from _fitting(held, width, room)


def _fitting(piece: str, width: Width, room: float) -> Iterator[str]:
    if piece and width(piece) > room and not piece.isspace():
        yield from piece
    elif piece:
        yield piece
