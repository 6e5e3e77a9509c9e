"""What the commands on past cases have in common: their time, and which cases are meant."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from shared.cli.options import FieldOption
from shared.cli.times import HOME_ZONE
from shared.kernel.errors import Invalid

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
SECONDS = 300.0
"""Figures over a million clocks take their time."""

PAST = (
    FieldOption("from", "from", "From this day (2026-10-01, as the calendar `cn` has it), or instant with offset."),
    FieldOption("to", "to", "Until this day or instant, itself not included."),
    FieldOption("region", "region", "Only this region and those below it."),
    FieldOption("owner", "owner", "Only cases of this owner."),
    FieldOption("kind", "kind", "Only this kind."),
    FieldOption("category", "category", "Only this category."),
    FieldOption("severity", "severity", "Only this severity."),
)
OPTIONS = {option.field: f"--{option.option}" for option in PAST}


def asked(given: Mapping[str, Any], options: tuple[FieldOption, ...] = PAST) -> dict[str, Any]:
    """The fields of the request that were given."""
    found = {option.field: given[option.name] for option in options if given[option.name]}
    return found | {name: instant(found[name], f"--{name}") for name in ("from", "to") if name in found}


def instant(text: str, option: str) -> str:
    """A day's beginning in the zone of the built-in calendar; anything else is left as it is."""
    if not _DAY.fullmatch(text):
        return text
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid.field(option, f"there is no day {text}") from None
    return datetime.combine(day, time(), ZoneInfo(HOME_ZONE)).isoformat()
