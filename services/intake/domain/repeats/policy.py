"""What counts as the same matter again: an operator's data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from shared.kernel.reading import Part, Problems
from shared.kernel.vocabulary import KINDS

PHONE: Final = "phone"
SERIAL: Final = "serial_no"
ORDER: Final = "order_no"
SUBJECT: Final = "subject"
REASONS: Final = (SERIAL, ORDER, PHONE, SUBJECT)
"""The strongest first."""
FILE: Final = ("kinds", "reasons", "closed_for", "shared_by", "alike")
REASON: Final = ("days", "points")
MOST_DAYS: Final = 3650
MOST_POINTS: Final = 100


@dataclass(frozen=True, slots=True)
class Weight:
    """How far back a reason reaches, and how many points it gives."""

    window: timedelta
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatPolicy:
    """The reasons that count; one that is left out does not."""

    kinds: frozenset[str]
    reasons: Mapping[str, Weight]
    closed_for: timedelta
    """A case that was closed longer ago is a matter of its own."""
    shared_by: int
    """A number that more cases than this have within its window is a desk's, not a customer's; likewise a subject."""
    alike: float
    """How alike two subjects must be, from 0 to 1."""

    @property
    def longest(self) -> timedelta:
        """How far back the reason reaches that reaches furthest; what lies before is compared with nothing."""
        return max((weight.window for weight in self.reasons.values()), default=timedelta())


def read_policy(data: Any, file: str) -> RepeatPolicy:
    """The policy in a file's data; raises Misconfigured that names file, field and remedy of each problem."""
    problems = Problems()
    top = Part(data, "", problems)
    top.mapping(FILE)
    reasons = {name: _weight(part) for name, part in top.at("reasons", {}).entries(REASONS).items()}
    policy = RepeatPolicy(
        kinds=frozenset(top.at("kinds").some_of(KINDS, "kind of case")),
        reasons=reasons,
        closed_for=timedelta(days=top.at("closed_for").whole(0, MOST_DAYS)),
        shared_by=top.at("shared_by").whole(1, 100),
        alike=top.at("alike").number(0.3, 1, 0.6),
    )
    problems.refuse(file)
    return policy


def _weight(part: Part) -> Weight:
    part.mapping(REASON)
    return Weight(timedelta(days=part.at("days").whole(1, MOST_DAYS)), part.at("points").whole(1, MOST_POINTS))
