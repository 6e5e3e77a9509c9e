"""Free text from outside, made fit to be kept and shown: no controls, no turned direction, limits."""

import re
from typing import Final

from services.intake.domain.numbers import LENGTH, is_case_number

# Controls, lone surrogates, and marks that turn the direction of what is shown after them.
_NEVER: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_BREAKS: Final = re.compile("\r\n|[\r\n\u2028\u2029]")
_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_NUMBER: Final = re.compile(rf"(?<!\d)\d(?:[ -]?\d){{{LENGTH - 1}}}(?!\d)")
_CUT: Final = "\n[…]"


def one_line(text: str, longest: int) -> str:
    """The text on one line, cut to the limit."""
    plain = " ".join(_NEVER.sub("", _BREAKS.sub(" ", text)).split())
    return plain[:longest].strip()


def lines(text: str, longest: int) -> str:
    """The text with its lines, cut to the limit with a mark."""
    plain = _NEVER.sub("", _BREAKS.sub("\n", text))
    plain = _EMPTY_LINES.sub("\n\n", "\n".join(line.rstrip() for line in plain.split("\n"))).strip()
    return plain if len(plain) <= longest else plain[: longest - len(_CUT)].rstrip() + _CUT


def case_numbers(text: str) -> list[str]:
    """The case numbers that somebody wrote in a line, as they are kept."""
    found = [re.sub(r"\D", "", each) for each in _NUMBER.findall(text)]
    return [each for each in dict.fromkeys(found) if is_case_number(each)]
