"""What another service tells, read with care: whatever breaks its promise can never be handled (contracts 5)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from shared.kernel.errors import Rejected
from shared.kernel.instants import parse_instant

LONGEST: Final = 200


@contextmanager
def understood(what: str) -> Iterator[None]:
    """Raise Rejected, which parks the event with its reason, when reading shows that it is not `what` it should be."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Rejected(f"not {what}: {type(error).__name__}: {error}") from None


def instant_told(value: Any) -> datetime:
    """An instant, in UTC; raises Invalid."""
    return parse_instant(value).astimezone(UTC)


def text_told(value: Any, longest: int = LONGEST) -> str:
    """A text that our columns can hold; raises ValueError."""
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError(f"no text of at most {longest} characters where one belongs")
    return value


def maybe_told(value: Any, longest: int = LONGEST) -> str | None:
    """Such a text, or nothing; raises ValueError."""
    return None if value is None else text_told(value, longest)
