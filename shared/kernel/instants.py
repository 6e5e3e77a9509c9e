"""Instants: aware datetimes, RFC 3339 on the wire."""

import re
from datetime import UTC, datetime, tzinfo

from shared.kernel.errors import Invalid

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def parse_instant(text: str, field: str = "instant") -> datetime:
    """The instant that an RFC 3339 text names, in the text's own offset.

    Raises Invalid at `field` when the offset is missing or the text names no instant.
    Fractions finer than a microsecond are cut.
    """
    if not isinstance(text, str) or not RFC_3339.fullmatch(text):
        raise Invalid.field(field, "write RFC 3339 with offset, like 2026-10-09T22:00:00+08:00")
    fraction = re.search(r"\.(\d{7,9})", text)
    if fraction:
        text = text.replace(fraction.group(1), fraction.group(1)[:6])
    try:
        instant = datetime.fromisoformat(text.upper())
        instant.astimezone(UTC)  # the first and the last hours of the calendar have no UTC
    except (ValueError, OverflowError) as error:
        raise Invalid.field(field, f"no such instant ({error})") from None
    return instant


def format_instant(instant: datetime, zone: tzinfo = UTC) -> str:
    """RFC 3339 with the offset that `zone` has at that instant."""
    return require_aware(instant).astimezone(zone).isoformat()


def require_aware(instant: datetime, field: str = "instant") -> datetime:
    """The instant itself; a naive one is refused, because nobody knows when it was."""
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise Invalid.field(field, "has no time zone; give an instant with an offset")
    return instant
