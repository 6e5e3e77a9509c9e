"""Token buckets: so many a second on average, more at once while there were fewer before. The caller tells the time."""

from collections import OrderedDict
from typing import Final

MOST: Final = 10_000
"""Keys remembered; of more, those that were silent for longest are forgotten, and begin anew."""


class Buckets:
    """One bucket a key, full at first."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate = rate
        self.burst = burst
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str, now: float) -> float:
        """Take one; 0 when there was one, else how many seconds until there is. A rate of 0 is no limit."""
        if not self.rate:
            return 0.0
        level = self._level(key, now)
        taken = level >= 1
        self._keep(key, level - taken, now)
        return 0.0 if taken else (1 - level) / self.rate

    def _level(self, key: str, now: float) -> float:
        level, then = self._levels.get(key, (self.burst, now))
        return min(self.burst, level + (now - then) * self.rate)

    def _keep(self, key: str, level: float, now: float) -> None:
        self._levels[key] = (level, now)
        self._levels.move_to_end(key)
        if len(self._levels) > MOST:
            self._levels.popitem(last=False)
