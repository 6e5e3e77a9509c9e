"""What an escalation is about: a case, or a work order that is overdue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from shared.kernel.regions import UNASSIGNED
from shared.kernel.vocabulary import SEVERITIES

LEVELS: Final = (1, 2, 3, 4)
"""Site and marketing centre, after-sales department, sales vice president, general manager (ES-1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The matter in short; of an order `kind` is its level and `owner` its technician."""

    subject: str
    is_order: bool = False
    kind: str = ""
    region: str = UNASSIGNED
    category: str | None = None
    severity: str = SEVERITIES[0]
    owner: str | None = None
    due_on: str | None = None
    complained_about: tuple[str, ...] = ()
    """Who of ours it is about: nobody asks or tells them (IN-26)."""

    def concerns(self, person: str) -> bool:
        """Whether it is a complaint about this person."""
        return person in self.complained_about

    @property
    def attributes(self) -> Mapping[str, Any]:
        """What conditions of a policy may ask for."""
        return {"kind": self.kind, "region": self.region, "category": self.category, "severity": self.severity}
