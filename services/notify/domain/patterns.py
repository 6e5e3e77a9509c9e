"""Topic patterns of alerts, as AMQP has them: * is one word, # any number (NO-4, contracts 6)."""

import re
from collections.abc import Sequence
from typing import Final

from services.notify.domain.vocabulary import SEVERITIES
from shared.kernel.errors import Invalid
from shared.kernel.regions import parse_region

LONGEST: Final = 255
"""Bytes of a routing key in AMQP 0-9-1."""
_WORD: Final = re.compile(r"[a-z0-9_-]+|\*|#")
REMEDY: Final = (
    "write a pattern of alert.<kind>.<severity>.<region> with * for one word and # for any number of them, "
    "like alert.*.*.south.#"
)


def parse_pattern(text: str, field: str = "pattern") -> str:
    """The pattern itself when it is well formed and can match an alert; raises Invalid at `field`."""
    words = text.split(".")
    if len(text) > LONGEST or not all(_WORD.fullmatch(word) for word in words) or words[0] not in ("alert", "#", "*"):
        raise Invalid.field(field, REMEDY)
    return text


def alert_key(kind: str, severity: str, region: str) -> str:
    """The routing key of an alert."""
    return f"alert.{kind}.{severity}.{region}"


def parse_alert_key(text: str, field: str = "key") -> tuple[str, str, str]:
    """Kind, severity and region of an alert's key; raises Invalid at `field`."""
    words = text.split(".", 3)
    if len(words) != 4 or words[0] != "alert" or words[2] not in SEVERITIES:
        raise Invalid.field(field, "write alert.<kind>.<severity>.<region>, like alert.recurrence.major.south.foshan")
    return words[1], words[2], parse_region(words[3], field)


def matches(pattern: str, key: str) -> bool:
    """Whether a topic pattern takes a routing key."""
    return _matches(pattern.split("."), key.split("."))


def _matches(pattern: Sequence[str], words: Sequence[str]) -> bool:
    """By sets of reached positions: `#` twice costs no more than once."""
    reached = {0}
    for part in pattern:
        if part == "#":
            reached = set(range(min(reached), len(words) + 1)) if reached else set()
        else:
            reached = {at + 1 for at in reached if at < len(words) and part in ("*", words[at])}
    return len(words) in reached
