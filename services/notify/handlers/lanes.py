"""One provider's lane: how many calls at a time, how many a second, and its rest while the provider is down.

After some troubles in a row the lane closes for a growing while of real time, then lets one call through to see.
"""

import time
from collections.abc import Callable
from typing import Final

from services.notify.domain import policy
from services.notify.domain.provider import Failed, Result, Unclear

TROUBLES: Final = 3
FIRST_SECONDS: Final = 1.0
LONGEST_SECONDS: Final = 30.0
"""The first rest, and the longest that it doubles to."""


class Lane:
    """The state of one lane in one process."""

    def __init__(self, limits: policy.Lane, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._monotonic = monotonic
        self._troubles = 0
        self._rest = 0.0
        self._closed_until = 0.0
        self._next_at = 0.0

    def opens_in(self) -> float:
        """Real seconds until calls may begin; 0 when they may now."""
        return max(0.0, max(self._closed_until, self._next_at) - self._monotonic())

    def room(self, busy: int) -> int:
        """How many calls may begin now while so many are under way."""
        if self.opens_in() > 0:
            return 0
        parallel = 1 if self._troubles >= TROUBLES else self._limits.parallel
        return max(0, parallel - busy)

    def begin(self, calls: int) -> None:
        """Calls begin: the next ones wait as long as the rate asks for."""
        if self._limits.per_second:
            self._next_at = max(self._next_at, self._monotonic()) + calls / self._limits.per_second

    def note(self, result: Result | None) -> None:
        """A call ended: troubles close the lane, anything that the provider answered opens it."""
        if not isinstance(result, Failed | Unclear):
            self._troubles, self._rest = 0, 0.0
            return
        if self._monotonic() < self._closed_until:
            return  # it began before the lane closed: the same trouble once more
        self._troubles += 1
        if self._troubles >= TROUBLES:
            self._rest = min(LONGEST_SECONDS, 2 * self._rest) if self._rest else FIRST_SECONDS
            self._closed_until = self._monotonic() + self._rest
