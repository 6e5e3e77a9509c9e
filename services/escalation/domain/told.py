"""What others tell: a case with its facts, a clock, a work order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from services.escalation.domain.about import About

BREACHED: Final = "breached"
LATE: Final = "late"
AGAIN: Final = "@"
"""Between a clock and the instant of a breach of it."""
ALIVE: Final = frozenset({"running", "paused", BREACHED})
ORDER_OVER: Final = frozenset({"done", "checked", "missed", "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that happened to a case, as far as ladders and alerts care."""

    seq: int
    name: str
    at: datetime
    key: str | None = None
    set: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCase:
    """The newest state of a case with all its facts; `product` is its model."""

    about: About
    version: int
    facts: Sequence[Fact]
    milestones: Mapping[str, datetime]
    product: str | None = None
    repeat_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One generation of a clock."""

    name: str
    key: str
    generation: int
    revision: int
    state: str
    started_at: datetime
    due_at: datetime
    warned: float = 0.0
    """The highest fraction warned at."""
    breached_at: datetime | None = None
    """When its breach was said, while it counts."""

    @property
    def ref(self) -> str:
        """What makes it this generation of this clock, within its case."""
        return f"{self.name}/{self.key}/{self.generation}"

    @property
    def breach(self) -> str:
        """What makes it this breach: after one that was revoked the same generation may have another."""
        return (
            self.ref if self.breached_at is None else f"{self.ref}{AGAIN}{self.breached_at.astimezone(UTC).isoformat()}"
        )

    @property
    def was_breached(self) -> bool:
        """Whether this state says that the limit was overrun."""
        return self.state in (BREACHED, LATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldClock:
    """A clock, and its case in short as sla knew it; told `at` this instant."""

    about: About
    clock: Clock
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldOrder:
    """A work order as maintenance tells of it, `at` this instant."""

    about: About
    version: int
    state: str
    due_at: datetime
    at: datetime

    @property
    def is_overdue(self) -> bool:
        """Whether it should have been done by now; one that was postponed has time again."""
        return self.state not in ORDER_OVER and self.due_at <= self.at
