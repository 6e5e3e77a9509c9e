"""Regional alerts: their topics, the patterns that hear them, and the queues of teams (contracts 6)."""

import re
from collections.abc import Sequence
from typing import Final

from shared.kernel.errors import Invalid
from shared.kernel.vocabulary import SEVERITIES

ALERT: Final = "alert"
ALERT_KINDS: Final = (
    "warning_notice",
    "recurrence",
    "sla_breach",
    "major_case",
    "authority_case",
    "maintenance_overdue",
)
ALERT_SEVERITIES: Final = SEVERITIES
"""An alert has the severity of its case."""

_LONGEST: Final = 255
"""Bytes in a routing key of AMQP."""
_EXAMPLE: Final = "alert.*.*.south.#"
_WORD: Final = re.compile(r"[a-z0-9_-]+|\*|#")
_TEAM: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


def topic_of(kind: str, severity: str, region: str) -> str:
    """The routing key of an alert."""
    return f"{ALERT}.{kind}.{severity}.{region}"


def queue_of(team: str) -> str:
    """The queue that a team reads as its own."""
    return f"alerts.{team}"


def parse_team(text: str, field: str = "team") -> str:
    """The name itself when it can stand in a queue's name."""
    if not isinstance(text, str) or not _TEAM.fullmatch(text):
        raise Invalid.field(field, "write a team's name of 1 to 60 letters a-z, digits, _ and -, like south-desk")
    return text


def parse_pattern(text: str, field: str = "pattern") -> str:
    """The pattern itself when some alert can match it: a typing error would be silent for ever."""
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise Invalid.field(field, f"write a pattern like {_EXAMPLE}")
    words = text.split(".")
    if wrong := [word for word in words if not _WORD.fullmatch(word)]:
        raise Invalid.field(
            field, f"{wrong[0]!r} is no word of a pattern; words are a-z, 0-9, _ and -, * or #, like {_EXAMPLE}"
        )
    _check_words(words, field)
    return text


def _check_words(words: Sequence[str], field: str) -> None:
    """The first three words are from short lists; after a # nobody knows which word stands where."""
    places = (("first word", (ALERT,)), ("kind", ALERT_KINDS), ("severity", ALERT_SEVERITIES))
    for word, (place, choices) in zip(words, places, strict=False):
        if word == "#":
            return
        if word not in (*choices, "*"):
            raise Invalid.field(field, f"{word!r} is no {place} of an alert; write {', '.join(choices)} or *")
    if "#" not in words and len(words) <= len(places):
        raise Invalid.field(field, f"no alert is as short as this; end it with .#, like {_EXAMPLE}")


def matches(pattern: str, topic: str) -> bool:
    """Whether a binding by this pattern hears this topic, as a topic exchange decides: * is one word, # any number."""
    words = topic.split(".")
    reached = {0}  # how many words of the topic the pattern's words so far can stand for; linear, whatever the pattern
    for part in pattern.split("."):
        if part == "#":
            reached = set(range(min(reached), len(words) + 1)) if reached else set()
        else:
            reached = {at + 1 for at in reached if at < len(words) and part in ("*", words[at])}
    return len(words) in reached
