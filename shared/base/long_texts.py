"""Long texts in statements for PostgreSQL: between dollar signs, nothing needs to be escaped (its manual, 4.1.2.4).

libpq looks at every character of a text in quotes. For a window of events, or a history of 150 kB, that was more than
everything else that the driver does with it.
"""

from typing import Any, Final

from psycopg2.extensions import QuotedString, register_adapter

LONG: Final = 1_000
"""Characters from which it pays."""
ENCODING: Final = "utf8"
"""What every connection of the suite has to speak."""
_TAG: Final = "$aftercare"
_DOLLARS: Final = f"{_TAG}$".encode(ENCODING)
_ENDS_IT: Final = "\0"
"""Where C takes a text to end: the driver refuses it."""


class _BetweenDollars:
    """How psycopg2 asks for a literal."""

    def __init__(self, text: str) -> None:
        self._text = text

    def getquoted(self) -> bytes:
        """The literal."""
        return b"".join((_DOLLARS, self._text.encode(ENCODING), _DOLLARS))


def literal(text: str) -> Any:
    """What psycopg2 makes a literal of; a text that holds the mark itself, even only its beginning, goes in quotes."""
    if len(text) < LONG or _TAG in text or _ENDS_IT in text:
        return QuotedString(text)
    return _BetweenDollars(text)


def register() -> None:
    """Have psycopg2 write texts so, in this process."""
    register_adapter(str, literal)
