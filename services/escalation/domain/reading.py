"""The parts of a policy file that only escalation has: levels, spans of time, conditions."""

from collections.abc import Collection
from typing import Final

from services.escalation.domain.about import LEVELS
from services.escalation.domain.policy import ALWAYS, Condition
from shared.kernel.conditions import read_requirements
from shared.kernel.reading import Part
from shared.worktime.waits import Wait, parse_elapsed, parse_wait

_INSTEAD: Final = Wait(1, "hour")


def level(part: Part) -> int:
    """One of the four levels."""
    return part.whole(LEVELS[0], LEVELS[-1])


def wait(part: Part) -> Wait:
    """A wait, elapsed or of working time."""
    return part.parsed(parse_wait, _INSTEAD)


def window(part: Part) -> Wait:
    """A wait in which every hour counts."""
    return part.parsed(parse_elapsed, _INSTEAD)


def condition(part: Part, known: Collection[str]) -> Condition:
    """Requirements on attributes; absent it always holds."""
    return ALWAYS if part.value is None else Condition(read_requirements(part, known))
