"""Case numbers as people type them: as printed, in groups, with spaces or hyphens."""

import re
from collections.abc import Sequence

from shared.kernel.errors import AftercareError, Invalid, NotFound

DIGITS = 12
REMEDY = "`aftercare case list` shows them"
_SEPARATORS = re.compile(r"[\s-]+")


def case_number(words: Sequence[str]) -> str:
    """The number that these words mean; raises Invalid for what can be none."""
    digits = _SEPARATORS.sub("", "".join(words))
    if len(digits) != DIGITS or not digits.isascii() or not digits.isdecimal():
        written = " ".join(words)
        raise Invalid.field("CASE", f"{written!r} is none: a case number has {DIGITS} digits; {REMEDY}")
    return digits


def split_number(words: Sequence[str]) -> tuple[str, list[str]]:
    """The number that the first words mean, and the words after it; raises Invalid."""
    count, digits = 1, _SEPARATORS.sub("", words[0])
    while len(digits) < DIGITS and count < len(words) and _SEPARATORS.sub("", words[count]).isdecimal():
        digits += _SEPARATORS.sub("", words[count])
        count += 1
    return case_number(words[:count]), list(words[count:])


def with_remedy(error: NotFound) -> AftercareError:
    """The refusal of a number that no case has, with what helps."""
    return NotFound(f"{error}; {REMEDY}", error.detail)
