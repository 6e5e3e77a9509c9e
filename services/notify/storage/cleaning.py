"""What comes from outside can never break out of its place in a message (NO-5)."""

import re
from typing import Any, Final

LONGEST_LINE: Final = 200
LONGEST_TITLE: Final = 78
LONGEST_PASSAGE: Final = 4000
# Controls, lone surrogates, and marks that turn the direction of what is shown after them.
_NEVER: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_BREAKS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES: Final = re.compile(r"\s+")
_GAPS: Final = re.compile(r"\n{3,}")
# A name or a model has no link in it: mail programs and phones must not make one.
_LINK: Final = re.compile(r"(?i)\b(https?|ftp|javascript|data|file)\s*:\s*/*|\bwww\.")


class Passage(str):
    """A text of several lines that was written to be passed on; already cleaned."""

    __slots__ = ()


def one_line(text: str) -> str:
    """The text on one line, without controls, links taken apart, not longer than a line may be."""
    plain = _SPACES.sub(" ", _NEVER.sub("", _BREAKS.sub(" ", text))).strip()
    plain = _LINK.sub(lambda found: found[0].rstrip("/:. ") + " ", plain)
    return plain if len(plain) <= LONGEST_LINE else plain[: LONGEST_LINE - 1] + "…"


def passage(text: Any) -> Passage:
    """The text with its lines, without controls, not longer than a passage may be; nothing for None."""
    plain = _NEVER.sub("", _BREAKS.sub("\n", "" if text is None else str(text)))
    plain = _GAPS.sub("\n\n", plain).strip()
    return Passage(plain if len(plain) <= LONGEST_PASSAGE else plain[: LONGEST_PASSAGE - 1] + "…")


def title(text: str) -> str:
    """The first line of a text, as the subject of a mail: short enough to be read in a list."""
    lines = (one_line(each) for each in passage(text).split("\n"))
    first = next(filter(None, lines), "")
    return first if len(first) <= LONGEST_TITLE else first[: LONGEST_TITLE - 1] + "…"


def finalize(value: Any) -> Any:
    """What a template puts out: nothing for None, a passage as it is, any other text on one line."""
    if value is None:
        return ""
    if isinstance(value, str) and not isinstance(value, Passage):
        return one_line(value)
    return value
