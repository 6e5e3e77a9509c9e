"""Case numbers: 12 digits, sayable and typable on a phone; the last one is a check digit (contracts 4).

The check digit is Damm's (H. M. Damm, "Total anti-symmetrische Quasigruppen", 2004): it catches every single wrong
digit and every swap of two neighbours, which are the mistakes people make when they read a number aloud.
"""

from typing import Final

LENGTH: Final = 12
FIRST_SERIAL: Final = 10 ** (LENGTH - 2)
SERIALS: Final = 9 * FIRST_SERIAL
"""How many serials there are; none begins with 0, because people and spreadsheets lose such a digit."""

_QUASIGROUP: Final = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


def case_number(serial: int) -> str:
    """The case number of a serial from 0 up to SERIALS."""
    if not 0 <= serial < SERIALS:
        raise ValueError(f"no such serial: {serial}")
    digits = str(FIRST_SERIAL + serial)
    return digits + _interim(digits)


def is_case_number(text: str) -> bool:
    """Whether these are 12 digits with the right check digit."""
    return len(text) == LENGTH and text.isascii() and text.isdigit() and _interim(text) == "0"


def _interim(digits: str) -> str:
    interim = "0"
    for digit in digits:
        interim = _QUASIGROUP[int(interim)][int(digit)]
    return interim
