"""Long lists go out a page at a time: `next` of one answer is `after` of the next request.

A page begins behind a place, not at a number: what comes in meanwhile moves nothing twice or past the reader.
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from shared.base.fields import NAME, Text, Whole
from shared.kernel.errors import Invalid
from shared.kernel.instants import format_instant, parse_instant

T = TypeVar("T")
Place = tuple[datetime, int]
"""Where a page ends: the instant that the list is ordered by, and the key of the row."""
MOST: Final = 1000
LIMIT: Final = 100
_LARGEST: Final = 2**63 - 1


def limit_field(usual: int = LIMIT) -> Whole:
    """How many a page may hold."""
    return Whole(1, MOST, load_default=usual)


def after_field() -> Text:
    """`next` of the page before."""
    return Text(NAME)


def place_after(request: Mapping[str, Any]) -> Place | None:
    """Behind which place the asked page begins; None is the beginning. Raises Invalid."""
    if "after" not in request:
        return None
    try:
        return _place(request["after"])
    except (Invalid, ValueError, binascii.Error):
        raise Invalid.field("after", "must be `next` of an earlier answer") from None


def _place(token: str) -> Place:
    instant, _, key = base64.b64decode(token, b"-_", validate=True).decode().partition(" ")
    if not 0 < int(key) <= _LARGEST:
        raise ValueError("no key")
    return parse_instant(instant), int(key)


def cut(found: Sequence[T], limit: int, place: Callable[[T], Place]) -> tuple[Sequence[T], dict[str, str]]:
    """The page, and `next` while there are more; what was found is one more than the limit, if there are as many."""
    page = found[:limit]
    return page, {"next": _token(*place(page[-1]))} if len(found) > limit else {}


def _token(instant: datetime, key: int) -> str:
    return base64.urlsafe_b64encode(f"{format_instant(instant)} {key}".encode()).decode()
