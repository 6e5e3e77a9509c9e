"""The policy of maintenance: lead times, limits, and what becomes of slots that nobody planned in time."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.maintenance.domain.checklist import Level, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Slots that had come and gone before anybody could plan them.

    `newest` (make | skip): the one whose period is still running; made, it is due `catch_up_workdays` from then.
    `older` (merge | skip): those before it; merged, the next slot's visit does for them.
    """

    newest: str
    older: str
    catch_up_workdays: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything that is a choice, as published in one file."""

    name: str
    version: str
    lead_days: int
    due_soon_days: int
    window_days: int
    postpone_times: int
    postpone_days: int
    outage: Outage
    parts: Mapping[str, Words]
    levels: Mapping[str, Level]

    def rank(self, level: str) -> int:
        """How big a level is: by how many others it contains."""
        return len(self.levels[level].contains)

    def bigger_than(self, level: str) -> frozenset[str]:
        """The levels that contain this one."""
        return frozenset(name for name, each in self.levels.items() if level in each.contains)
