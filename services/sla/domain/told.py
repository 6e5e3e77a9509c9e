"""A case as it is told: what its clocks' listeners need to know of it, and its facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.sla.domain.facts import Fact
from shared.kernel.vocabulary import HISTORY


@dataclass(frozen=True, slots=True)
class Case:
    """The newest version of a case that is known; `floors` as in `changes.Plan`."""

    case_no: str
    version: int
    mode: str
    kind: str
    region: str
    category: str | None
    severity: str
    owner: str | None
    fact_count: int
    last_seq: int
    floors: Mapping[str, int] = field(default_factory=dict)
    received_at: datetime | None = None

    @property
    def is_history(self) -> bool:
        """Whether it is told as history: what is past is not said."""
        return self.mode == HISTORY


@dataclass(frozen=True, slots=True)
class ToldCase:
    """A case with the facts that one event carries."""

    case: Case
    facts: Sequence[Fact]
