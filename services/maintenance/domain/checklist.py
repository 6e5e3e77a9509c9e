"""Checklists as data: what is looked at on a visit, and which readings are right (MA-2, MA-4, MA-9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LEVELS: Final = ("routine", "quarterly", "annual", "terminal")
LANGUAGES: Final = ("zh", "en")

Words = Mapping[str, str]
"""A text for people, in each of the languages."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is measured: its unit, and the range that is right; None leaves a side open."""

    unit: str
    least: float | None = None
    most: float | None = None

    def is_right(self, value: float) -> bool:
        """Whether the value lies in the range."""
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def range_text(self) -> str:
        """The range as people write it."""
        ends = [
            f"from {self.least:g}" if self.least is not None else "",
            f"to {self.most:g}" if self.most is not None else "",
        ]
        return " ".join(end for end in (*ends, self.unit) if end)

    def text(self, value: float) -> str:
        """A value with its unit."""
        return f"{value:.10g} {self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to look at."""

    key: str
    part: str
    text: Words
    required: bool = True
    reading: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A level of upkeep: its period by default, how long a visit takes, and everything that is looked at.

    `contains` names the levels whose items are all in it: when both are due, one visit does for both.
    """

    name: str
    title: Words
    period: str
    visit_hours: float
    contains: frozenset[str]
    items: Mapping[str, Item]
