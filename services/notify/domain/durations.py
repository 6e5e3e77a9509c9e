"""Spans of time as people write them: 30s, 10m, 72h, 2d."""

import re
from datetime import time, timedelta
from typing import Final

_SPAN: Final = re.compile(r"(\d{1,6})(s|m|h|d)")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
LONGEST: Final = timedelta(days=366)
REMEDY: Final = "write a number above 0 and s, m, h or d, at most a year, like 30s, 10m, 72h"


def parse_span(text: object) -> timedelta:
    """The span; raises ValueError with the remedy."""
    match = _SPAN.fullmatch(text) if isinstance(text, str) else None
    span = timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else timedelta()
    if not timedelta() < span <= LONGEST:
        raise ValueError(f"{text!r} is no span of time: {REMEDY}")
    return span


def parse_time(text: object) -> time:
    """The time of day; raises ValueError with the remedy."""
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise ValueError(f"{text!r} is no time of day: write it in quotes like '22:00'")
    return time(int(match[1]), int(match[2]))
