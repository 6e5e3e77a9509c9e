"""Tables for people: nothing that is copied from one is ever cut, however narrow the terminal."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

GAP = 2
NARROWEST = 16
"""A column of running text is not squeezed below this."""

Cell = str | Text


@dataclass(frozen=True)
class Column:
    """A column: `wraps` is for running text; on a narrow terminal the highest `drop` goes first, 0 never."""

    title: str
    wraps: bool = False
    drop: int = 0


class Grid:
    """Rows under their titles; where they do not fit, without the columns that may go; else one value a line.

    The lines of a cell stand side by side where there is room for them.
    """

    def __init__(self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
        self._columns = columns
        self._rows = [[cell if isinstance(cell, Text) else Text(cell) for cell in row] for row in rows]

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        abreast = Grid(self._columns, [[Text("  ").join(cell.split()) for cell in row] for row in self._rows])
        everything = range(len(self._columns))
        if abreast.width(everything) <= options.max_width:
            yield abreast._table(everything)
            return
        shown = next((each for each in self._choices() if self._width(each) <= options.max_width), None)
        yield from [self._table(shown)] if shown else self._stacked()

    def width(self, shown: Sequence[int]) -> int:
        """How wide these columns are when nothing wraps."""
        return sum(map(self._natural, shown)) + GAP * (len(shown) - 1)

    def _choices(self) -> Iterator[list[int]]:
        """Which columns to show: all of them, then fewer and fewer."""
        shown = list(range(len(self._columns)))
        yield list(shown)
        for index in sorted(shown, key=lambda each: -self._columns[each].drop):
            if self._columns[index].drop:
                shown.remove(index)
                yield list(shown)

    def _width(self, shown: Sequence[int]) -> int:
        return sum(map(self._least, shown)) + GAP * (len(shown) - 1)

    def _least(self, index: int) -> int:
        natural = self._natural(index)
        return min(natural, NARROWEST) if self._columns[index].wraps else natural

    def _natural(self, index: int) -> int:
        lines = [Text(self._columns[index].title), *(line for row in self._rows for line in row[index].split())]
        return max(line.cell_len for line in lines)

    def _table(self, shown: Sequence[int]) -> Table:
        made = Table(box=None, pad_edge=False, padding=(0, GAP // 2), header_style="bold")
        for index in shown:
            column = self._columns[index]
            made.add_column(column.title, no_wrap=not column.wraps, overflow="fold")
        for row in self._rows:
            made.add_row(*(row[index] for index in shown))
        return made

    def _stacked(self) -> Iterator[Text]:
        for number, row in enumerate(self._rows):
            if number:
                yield Text()
            for column, cell in zip(self._columns, row, strict=True):
                if cell.plain:
                    yield Text.assemble((f"{column.title}: " if column.title else "", "dim"), cell, overflow="fold")


def table(*columns: str | Column, rows: Iterable[Sequence[Cell]]) -> Grid:
    """A plain table; texts are shown as they are, never read as markup. The last plain column may wrap."""
    last = len(columns) - 1
    made = [each if isinstance(each, Column) else Column(each, wraps=at == last) for at, each in enumerate(columns)]
    return Grid(made, rows)
