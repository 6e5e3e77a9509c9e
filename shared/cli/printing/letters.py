"""Text from outside on its way to paper: nothing in it is a command, and what no font can draw is said, not dropped."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

REPLACEMENTS: Final = "〓□?"
"""What stands for a letter that no font has: the sign of Chinese printers for it, else what there is."""
_BREAKS: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Controls, marks that turn the direction of what follows, joiners and selectors that draw nothing themselves.
_SILENT: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)

Run = tuple[str, str]
"""The name of a font, and what is written with it."""


@dataclass(frozen=True)
class Face:
    """A font by the name under which the paper knows it, and the letters that it has."""

    name: str
    letters: Set[int]


@dataclass
class Letters:
    """Chooses for each letter the first font that has it; remembers which letters none has."""

    faces: Sequence[Face]
    missing: dict[str, None] = field(default_factory=dict)
    widths: dict[str, float] = field(default_factory=dict)
    """How wide each letter was found to be at a size of one point: texts have many letters, but few different ones."""

    def runs(self, line: str) -> list[Run]:
        """A line as it is drawn: with which font what."""
        drawn = groupby((self._drawn(letter) for letter in line), key=lambda each: each[0])
        return [(face, "".join(letter for _, letter in run)) for face, run in drawn]

    def _drawn(self, letter: str) -> Run:
        for face in self.faces:
            if ord(letter) in face.letters:
                return face.name, letter
        self.missing[letter] = None
        first = self.faces[0]
        return first.name, next((sign for sign in REPLACEMENTS if ord(sign) in first.letters), "?")


def lines_of(text: str) -> list[str]:
    """The lines of a text as it was written, without what draws nothing."""
    return _SILENT.sub("", _BREAKS.sub("\n", text)).replace("\t", "    ").split("\n")


def code_point(letter: str) -> str:
    """`U+1F600`: how somebody finds out which letter it was."""
    return f"U+{ord(letter):04X}"
