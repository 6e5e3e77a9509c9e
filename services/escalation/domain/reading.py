"""The parts of a policy file that only escalation has: levels, spans of time, conditions."""

from collections.abc import Collection
from typing import Final

from services.escalation.domain.about import LEVELS
from services.escalation.domain.durations import WRITTEN, Span, parse_span
from services.escalation.domain.policy import ALWAYS, Condition
from shared.kernel.conditions import read_requirements
from shared.kernel.reading import Part

NOTHING: Final = Span(1, "hour")


def level(part: Part) -> int:
    """One of the four levels."""
    return part.whole(LEVELS[0], LEVELS[-1])


def span(part: Part) -> Span:
    """A span of time."""
    found = parse_span(part.value)
    if found is None:
        part.wrong(f"must be {WRITTEN}")
    return found or NOTHING


def condition(part: Part, known: Collection[str]) -> Condition:
    """Requirements on attributes; absent it always holds."""
    return ALWAYS if part.value is None else Condition(read_requirements(part, known))
