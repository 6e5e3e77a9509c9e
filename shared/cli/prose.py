"""Running text, wrapped without breaking what belongs together: instants, and Chinese with its marks."""

import re
from collections.abc import Iterator

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

_WHOLE = re.compile(
    r"\d+年\d+月\d+日\d\d:\d\d(?:（周.）)?"
    r"|[A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d"
    r"|(?:\d{4}-)?\d\d-\d\d \d\d:\d\d"
    r"|\s+|[^\s\u2e80-\uffff]+|."
)
_CLINGS = "，。；：、）！？》"
"""Marks that never begin a line."""


class Prose:
    """A paragraph."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        line = Text()
        for part in self._parts():
            if line and line.cell_len + _width(part) > options.max_width:
                yield _trimmed(line)
                line = Text()
            if line or not part.plain.isspace():
                line.append_text(part)
        yield _trimmed(line)

    def _parts(self) -> Iterator[Text]:
        ends = [found.end() for found in _WHOLE.finditer(self.text.plain)]
        plain = self.text.plain
        yield from self.text.divide([end for end in ends if end < len(plain) and plain[end] not in _CLINGS])


def _width(part: Text) -> int:
    return 0 if part.plain.isspace() else part.cell_len


def _trimmed(line: Text) -> Text:
    line.rstrip()
    return line
