"""The words of a text, for finding it again: letters and digits as words, Chinese as runs of characters.

Chinese is written without spaces, and many of its words have two characters (漏水, 退款): a run is found by any part of
it. Other words are found by how they begin: `leak` finds "leaking", `GT-100` finds "gt 100".
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 64
"""Letters of a word that are looked at."""

_HAN: Final = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN: Final = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_IS_HAN: Final = re.compile(f"[{_HAN}]")


def words_of(texts: Iterable[str | None]) -> list[str]:
    """The words of texts in their order, in one form whatever their width and case."""
    joined = "\n".join(text for text in texts if text)
    found: list[str] = _RUN.findall(unicodedata.normalize("NFKC", joined).casefold())
    return [word if is_run(word) else word[:LONGEST] for word in found]


def is_run(word: str) -> bool:
    """Whether this is a run of characters of a script without spaces."""
    return _IS_HAN.match(word) is not None


def pairs(run: str) -> list[str]:
    """Each character of a run with the next; the last one alone, so that it too is found by how it begins."""
    return [run[index : index + 2] for index in range(len(run))]
