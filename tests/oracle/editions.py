"""What is published: rules and calendars from an instant on, and what becomes of the clocks that run then (SL-6)."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.oracle.minutes import Minutes
from tests.oracle.table import Rules

KEEP, FROM_NOW, RECOMPUTE = "keep", "from_now", "recompute"


@dataclass(frozen=True)
class Edition:
    """Rules and calendars by region; `""` is the calendar of regions without one."""

    rules: Rules
    calendars: Mapping[str, Minutes]
    at: int = 0
    running: str = RECOMPUTE

    def calendar(self, region: str) -> Minutes:
        while region and region not in self.calendars:
            region = region.rpartition(".")[0]
        return self.calendars[region]
