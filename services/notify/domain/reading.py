"""The parts of a policy file that only notify has."""

import re
from datetime import time, timedelta
from typing import Final

from shared.kernel.errors import Invalid
from shared.kernel.reading import Part
from shared.worktime.waits import Wait, parse_elapsed

_INSTEAD: Final = Wait(1, "second")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


def span(part: Part) -> timedelta:
    """A span of time in which every hour counts."""
    return part.parsed(parse_elapsed, _INSTEAD).elapsed


def time_of_day(part: Part) -> time:
    """A time of day."""
    return part.parsed(_parse_time, time())


def _parse_time(text: object) -> time:
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise Invalid(f"{text!r} is no time of day; write it in quotes like '22:00'")
    return time(int(found[1]), int(found[2]))
