"""Durations as people write them: 90m, 3d, 1h30m, or ISO 8601 (PT1H30M). Pure."""

import re
from datetime import timedelta

from shared.kernel.errors import Invalid

_PARTS = r"(?:(?P<weeks>\d+)w)?(?:(?P<days>\d+)d)?(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m)?(?:(?P<seconds>\d+)s)?"
_SHORT = re.compile(_PARTS)
_ISO = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?",
    re.IGNORECASE,
)


def parse_duration(text: str, field: str = "duration") -> timedelta:
    """The duration; a day is 24 hours. Raises Invalid at `field`."""
    written = text.strip()
    found = _SHORT.fullmatch(written.lower().replace(" ", "")) or _ISO.fullmatch(written)
    given = {unit: int(amount) for unit, amount in found.groupdict().items() if amount} if found else {}
    if not given:
        raise Invalid.field(field, f"{text!r} is no duration; write 90m, 3d, 1h30m or PT1H30M")
    try:
        return timedelta(**given)
    except OverflowError:
        raise Invalid.field(field, f"{text!r} is too long") from None


def working_hours(seconds: float) -> str:
    """Working time for people: hours and minutes, for a working day has not 24 hours."""
    minutes = int(abs(seconds)) // 60
    return f"{'-' if seconds < 0 else ''}{minutes // 60}h {minutes % 60:02}m"


def short_duration(seconds: float) -> str:
    """A duration for people: the two biggest units that matter, with a minus when it is over."""
    sign = "-" if seconds < 0 else ""
    rest = int(abs(seconds))
    amounts: list[str] = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        amount, rest = divmod(rest, size)
        if amount or amounts:
            amounts.append(f"{amount}{unit}")
    return sign + (" ".join(amounts[:2]) or "0s")
