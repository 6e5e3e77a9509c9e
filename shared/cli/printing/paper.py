"""Draws a paper as PDF: A4, pages numbered, the case number as bars, letters inside; the same paper, the same file."""

import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, PageBreak, SimpleDocTemplate, Spacer, Table

from shared.cli.printing.blocks import (
    Block,
    Entry,
    Grid,
    Heading,
    Pair,
    Pairs,
    Paper,
    Passage,
    Remark,
    Sheet,
    Signatures,
)
from shared.cli.printing.column import Style, TextColumn
from shared.cli.printing.letters import Letters
from shared.cli.telling import spoken
from shared.kernel.instants import parse_instant

EDGE: Final = 18 * mm
FRAME: Final = 6
"""What reportlab's frames leave free inside, in points."""
WIDTH: Final = A4[0] - 2 * EDGE
LABEL: Final = 31 * mm
LONG: Final = 300
"""A value longer than this is a passage of its own."""
WIDE: Final = 30
"""A value longer than this has a line for itself."""
BOXES: Final = 3
"""Signature boxes side by side."""
_LINE: Final = (0.5, colors.HexColor("#999999"))
_TINT: Final = colors.HexColor("#eeeeee")
_GREY: Final = colors.HexColor("#555555")


def pdf_of(paper: Paper, letters: Letters) -> bytes:
    """The paper as a PDF file."""
    return _Press(paper, letters).printed()


class _Press:
    """One print run."""

    def __init__(self, paper: Paper, letters: Letters) -> None:
        self._paper = paper
        self._letters = letters
        self._plain = Style()
        self._inset = Style(indent=4 * mm)
        self._label = Style(size=7.5, leading=11, color=_GREY)
        self._small = Style(size=7.5, leading=10, color=_GREY)
        self._title = Style(size=16, leading=22)
        self._heading = Style(size=11, leading=16)
        self._head = Style(tint=_TINT)

    def printed(self) -> bytes:
        out = io.BytesIO()
        document = SimpleDocTemplate(
            out,
            pagesize=A4,
            leftMargin=EDGE - FRAME,
            rightMargin=EDGE - FRAME,
            topMargin=15 * mm,
            bottomMargin=20 * mm,
            title=self._paper.title,
            author="Aftercare",
            creator="Aftercare",
            invariant=1,
        )
        flow = [each for number, sheet in enumerate(self._paper.sheets) for each in self._sheet(sheet, number)]
        document.build(flow, canvasmaker=self._canvas)
        return out.getvalue()

    def _canvas(self, *args: Any, **options: Any) -> Canvas:
        made = _Numbered(*args, **{**options, "initialFontName": self._letters.faces[0].name})
        made.draw_foot = self._foot
        made.setDateFormatter(self._date)
        return made

    def _date(self, *_fields: int) -> str:
        """When it was made, by the suite's clock, in the form of PDF."""
        made = parse_instant(self._paper.made_at)
        offset = made.strftime("%z")
        return f"D:{made:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"

    def _foot(self, canvas: Canvas, number: int, total: int) -> None:
        page = self._text(self._paper.page.format(number=number, total=total), self._small)
        foot = self._text(self._paper.foot, self._small)
        canvas.setStrokeColor(_LINE[1])
        canvas.line(EDGE, 16 * mm, EDGE + WIDTH, 16 * mm)
        for column, left, width in ((foot, EDGE, WIDTH - 20 * mm), (page, EDGE + WIDTH - 16 * mm, 16 * mm)):
            _, height = column.wrapOn(canvas, width, 10 * mm)
            column.drawOn(canvas, left, 15 * mm - height)

    def _sheet(self, sheet: Sheet, number: int) -> Iterable[Flowable]:
        if number:
            yield PageBreak()
        bars = Code128(sheet.code, barHeight=9 * mm, barWidth=0.3 * mm, quiet=False)
        title = self._text(sheet.title, self._title)
        said = self._text(spoken(sheet.code), self._plain)
        yield Table(
            [[title, bars], ["", said]],
            colWidths=[WIDTH - bars.width, bars.width],
            style=[("VALIGN", (0, 0), (-1, -1), "TOP"), ("SPAN", (0, 0), (0, 1)), *_padding(0)],
        )
        for block in sheet.blocks:
            yield from self._DRAWN[type(block)](self, block)

    def _heading_block(self, heading: Heading) -> Iterable[Flowable]:
        yield CondPageBreak(30 * mm)
        yield Spacer(0, 3 * mm)
        yield self._text(heading.text, self._heading)

    def _remark(self, remark: Remark) -> Iterable[Flowable]:
        yield self._text(remark.text, self._small)

    def _passage(self, passage: Passage) -> Iterable[Flowable]:
        yield CondPageBreak(15 * mm)
        yield Spacer(0, 1 * mm)
        if passage.label:
            yield self._text(passage.label, self._label)
        yield self._text(passage.text, self._plain)

    def _entry(self, entry: Entry) -> Iterable[Flowable]:
        yield CondPageBreak(15 * mm)
        yield self._text(entry.head, self._head)
        for label, text in entry.lines:
            yield self._text(f"{label}: {text}" if label else text, self._inset)
        yield Spacer(0, 1.5 * mm)

    def _pairs(self, block: Pairs) -> Iterable[Flowable]:
        short = [pair for pair in block.pairs if len(pair[1]) <= LONG]
        rows, spans = _side_by_side(short)
        cells = [
            [self._text(text, self._plain if at % 2 else self._label) for at, text in enumerate(row)] for row in rows
        ]
        if cells:
            half = WIDTH / 2 - LABEL
            tints = [("BACKGROUND", (at, 0), (at, -1), _TINT) for at in (0, 2)]
            clear = [("BACKGROUND", (2, row), (2, row), colors.white) for row in spans]
            joined = [("SPAN", (1, row), (3, row)) for row in spans]
            yield Table(cells, colWidths=[LABEL, half, LABEL, half], style=[*_GRID, *tints, *clear, *joined])
        for label, text in block.pairs:
            if len(text) > LONG:
                yield from self._passage(Passage(label, text))

    def _grid(self, grid: Grid) -> Iterable[Flowable]:
        titles = [self._text(title, self._label) for title in grid.titles]
        rows = [[self._text(cell, self._plain) for cell in row] for row in grid.rows]
        widths = [WIDTH * share / sum(grid.shares) for share in grid.shares]
        yield Table(
            [titles, *rows],
            colWidths=widths,
            repeatRows=1,
            splitInRow=1,
            style=[*_GRID, ("BACKGROUND", (0, 0), (-1, 0), _TINT)],
        )
        yield Spacer(0, 1.5 * mm)

    def _signatures(self, block: Signatures) -> Iterable[Flowable]:
        labels: list[Any] = [self._text(label, self._label) for label in block.labels]
        labels += [""] * (-len(labels) % BOXES)
        rows = [labels[at : at + BOXES] for at in range(0, len(labels), BOXES)]
        yield Table(rows, colWidths=[WIDTH / BOXES] * BOXES, rowHeights=[22 * mm] * len(rows), style=_GRID)

    def _text(self, text: str, style: Style) -> TextColumn:
        return TextColumn.of(text, style, self._letters)

    _DRAWN: Final[dict[type[Block], Callable[..., Iterable[Flowable]]]] = {
        Heading: _heading_block,
        Remark: _remark,
        Passage: _passage,
        Entry: _entry,
        Pairs: _pairs,
        Grid: _grid,
        Signatures: _signatures,
    }


class _Numbered(Canvas):  # type: ignore[misc] # reportlab has no types
    """A canvas that knows at each page's foot how many pages there are: pages are put out when all are drawn."""

    draw_foot: Callable[[Canvas, int, int], None]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - the name is reportlab's
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._pages, 1):
            self.__dict__.update(page)
            self.draw_foot(self, number, len(self._pages))
            super().showPage()
        super().save()


def _side_by_side(pairs: Sequence[Pair]) -> tuple[list[list[str]], list[int]]:
    """Two pairs a row; which rows one wide pair has for itself."""
    rows: list[list[str]] = []
    spans: list[int] = []
    open_row = False
    for label, value in pairs:
        if len(value) > WIDE:
            spans.append(len(rows))
            rows.append([label, value, "", ""])
            open_row = False
        elif open_row:
            rows[-1][2:] = [label, value]
            open_row = False
        else:
            rows.append([label, value, "", ""])
            open_row = True
    return rows, spans


def _padding(points: float) -> list[tuple[Any, ...]]:
    return [(f"{side}PADDING", (0, 0), (-1, -1), points) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]


_GRID: Final = [("GRID", (0, 0), (-1, -1), *_LINE), ("VALIGN", (0, 0), (-1, -1), "TOP"), *_padding(3)]
