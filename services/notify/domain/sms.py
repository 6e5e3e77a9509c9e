"""What a text costs as SMS: its alphabet and the parts in which phones receive it (3GPP TS 23.038, 23.040)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

GSM7: Final = "gsm7"
UCS2: Final = "ucs2"

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED: Final = frozenset("\f^{}\\[~]|€")
"""Two septets each, an escape and a letter; the pair must not be torn apart."""
_BEYOND_BMP: Final = 0x10000
_MORE: Final = "..."
"""In both alphabets, and never bigger than the letters whose place it takes."""

_WHOLE: Final = {GSM7: 160, UCS2: 70}
_PART: Final = {GSM7: 153, UCS2: 67}
"""What one message holds: alone, and as a part with the header that says where it belongs."""


@dataclass(frozen=True, slots=True)
class Segments:
    """A text as it travels; joined, the parts are the text."""

    alphabet: str
    parts: tuple[str, ...] = field(repr=False)

    @property
    def count(self) -> int:
        """What the provider bills."""
        return len(self.parts)


def segments(text: str) -> Segments:
    """The parts of a text: GSM-7 when every letter has a place there, else UCS-2 for the whole."""
    is_gsm = all(letter in _BASIC or letter in _ESCAPED for letter in text)
    alphabet, size_of = (GSM7, _septets) if is_gsm else (UCS2, _code_units)
    if sum(map(size_of, text)) <= _WHOLE[alphabet]:
        return Segments(alphabet, (text,))
    return Segments(alphabet, tuple(_cut(text, _PART[alphabet], size_of)))


def shortened(text: str, most: int) -> str:
    """The text, or as much of it as so many messages hold, with dots where more was said."""
    found = segments(text)
    if found.count <= most:
        return text
    return "".join(found.parts[:most])[: -len(_MORE)] + _MORE


def _cut(text: str, room: int, size_of: Callable[[str], int]) -> Iterator[str]:
    start = used = 0
    for place, letter in enumerate(text):
        size = size_of(letter)
        if used + size > room:
            yield text[start:place]
            start, used = place, 0
        used += size
    yield text[start:]


def _septets(letter: str) -> int:
    return 2 if letter in _ESCAPED else 1


def _code_units(letter: str) -> int:
    return 2 if ord(letter) >= _BEYOND_BMP else 1
