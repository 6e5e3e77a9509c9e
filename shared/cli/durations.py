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


_UNITS: dict[str, dict[str, str]] = {"en": {}, "zh": {"d": "天", "h": "小时", "m": "分", "s": "秒"}}
_BETWEEN = {"en": " ", "zh": ""}


def working_hours(seconds: float, lang: str = "en") -> str:
    """Working time for people: hours and minutes, for a working day has not 24 hours."""
    minutes = int(abs(seconds)) // 60
    amounts = (_amount(minutes // 60, "h", lang), _amount(minutes % 60, "m", lang, 2))
    return ("-" if seconds < 0 else "") + _BETWEEN[lang].join(amounts)


def short_duration(seconds: float, lang: str = "en") -> str:
    """A duration for people: the two biggest units that matter, with a minus when it is over."""
    sign = "-" if seconds < 0 else ""
    rest = int(abs(seconds))
    amounts: list[str] = []
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        amount, rest = divmod(rest, size)
        if amount or amounts:
            amounts.append(_amount(amount, unit, lang))
    return sign + (_BETWEEN[lang].join(amounts[:2]) or _amount(0, "s", lang))


def _amount(amount: int, unit: str, lang: str, digits: int = 1) -> str:
    return f"{amount:0{digits}}{_UNITS[lang].get(unit, unit)}"
