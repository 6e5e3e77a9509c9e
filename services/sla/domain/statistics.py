"""Timeliness in figures: clocks counted by group, and how much of their limits they took (SL-9)."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from services.sla.domain.clock import State

GROUPS = ("policy", "clock", "category", "region", "department", "owner", "severity", "kind", "period")
"""By what clocks may be counted."""
MEDIAN, MOST = 0.5, 0.9

Group = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """So many clocks that are alike: `is_over` when they have ended, `percent` is what of the limit they took."""

    group: Group
    state: State
    is_over: bool
    is_revoked: bool
    percent: int | None
    number: int


@dataclass(slots=True)
class Cell:
    """The clocks of one group."""

    counts: Counter[str] = field(default_factory=Counter)
    percents: Counter[int] = field(default_factory=Counter)

    def add(self, counted: Counted) -> None:
        """Count them in."""
        self.counts["started"] += counted.number
        self.counts[counted.state] += counted.number
        if counted.state is State.BREACHED and not counted.is_over:
            self.counts["breached_open"] += counted.number
        if counted.is_revoked:
            self.counts["revoked"] += counted.number
        if counted.percent is not None:
            self.percents[counted.percent] += counted.number

    def figures(self) -> dict[str, Any]:
        """What is told of them; shares and percents are None where nothing has a verdict yet."""
        counts = self.counts
        verdicts = counts[State.MET] + counts[State.LATE] + counts[State.BREACHED]
        return {
            "started": counts["started"],
            "running": counts[State.RUNNING] + counts[State.PAUSED],
            "met": counts[State.MET],
            "late": counts[State.LATE],
            "breached": counts[State.BREACHED],
            "breached_open": counts["breached_open"],
            "revoked": counts["revoked"],
            "cancelled": counts[State.CANCELLED],
            "met_share": round(counts[State.MET] / verdicts, 4) if verdicts else None,
            "used_percent_median": percentile(self.percents, MEDIAN),
            "used_percent_p90": percentile(self.percents, MOST),
        }


class Statistics:
    """Cells by group; they may be filled bit by bit, in any order."""

    def __init__(self, groups: Sequence[str]) -> None:
        self.groups = groups
        self._cells: defaultdict[Group, Cell] = defaultdict(Cell)

    def __len__(self) -> int:
        return len(self._cells)

    def add(self, counted: Counted) -> None:
        """Count clocks in."""
        self._cells[counted.group].add(counted)

    def rows(self) -> Iterator[dict[str, Any]]:
        """One row for each group, ordered by their names; what has none comes first."""
        for group in sorted(self._cells, key=lambda group: [name or "" for name in group]):
            yield dict(zip(self.groups, group, strict=True)) | self._cells[group].figures()


def percentile(numbers: Mapping[int, int], share: float) -> int | None:
    """The smallest value that this share of all does not exceed; None of nothing."""
    wanted, seen = ceil(share * sum(numbers.values())), 0
    for value in sorted(numbers):
        seen += numbers[value]
        if seen >= wanted:
            return value
    return None
