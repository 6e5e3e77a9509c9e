"""A column of text on paper: broken where Chinese and English may be, split between pages at any of its lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from reportlab.lib.colors import Color, black
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable

from shared.cli.printing.breaking import broken
from shared.cli.printing.letters import Letters, lines_of

RISE: Final = 0.25
"""How far above the foot of its line a letter stands, in lines."""


@dataclass(frozen=True)
class Style:
    """How a column looks, in points."""

    size: float = 9.5
    leading: float = 14
    indent: float = 0
    color: Color = field(default=black)
    tint: Color | None = None


class TextColumn(Flowable):  # type: ignore[misc] # reportlab has no types
    """Text as it is: no markup is ever read, so none can break out."""

    def __init__(self, lines: Sequence[str], style: Style, letters: Letters) -> None:
        super().__init__()
        self._lines = lines
        self._style = style
        self._letters = letters
        self._shown: list[str] = []

    @classmethod
    def of(cls, text: str, style: Style, letters: Letters) -> "TextColumn":
        """A column of this text."""
        return cls(lines_of(text), style, letters)

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        room = width - self._style.indent
        self._shown = [part for line in self._lines for part in broken(line, self._wide, room)]
        self.width, self.height = width, len(self._shown) * self._style.leading
        return self.width, self.height

    def split(self, width: float, height: float) -> list["TextColumn"]:
        """What still fits here, and the rest; nothing when not one line does."""
        self.wrap(width, height)
        fits = int(height / self._style.leading)
        if fits < 1:
            return []
        parts = (self._shown[:fits], self._shown[fits:])
        return [TextColumn(part, self._style, self._letters) for part in parts if part]

    def draw(self) -> None:
        style, canvas = self._style, self.canv
        if style.tint is not None:
            canvas.setFillColor(style.tint)
            canvas.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        canvas.setFillColor(style.color)
        foot = self.height + style.leading * RISE
        for line in self._shown:
            foot -= style.leading
            self._write(canvas.beginText(style.indent, foot), line)

    def _write(self, text: Any, line: str) -> None:
        for face, run in self._letters.runs(line):
            text.setFont(face, self._style.size)
            text.textOut(run)
        self.canv.drawText(text)

    def _wide(self, text: str) -> float:
        known = self._letters.widths
        return self._style.size * sum(known[each] if each in known else self._measured(each) for each in text)

    def _measured(self, letter: str) -> float:
        ((face, drawn),) = self._letters.runs(letter)
        width = self._letters.widths[letter] = float(stringWidth(drawn, face, 1))
        return width
