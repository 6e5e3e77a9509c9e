"""Steps of the machine's wall time (contracts 2).

They change nothing, because the suite's clock is monotonic; but ops must know.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import Counter

from shared.base.clock import wall_now
from shared.base.logs import logger

STEP_SECONDS = 2.0

log = logger(__name__)


@dataclass(frozen=True)
class Reading:
    """Both clocks of the machine at one moment, in seconds."""

    wall: float
    monotonic: float


def read_clocks() -> Reading:
    """Both clocks now."""
    return Reading(wall_now().timestamp(), time.monotonic())


def step_between(before: Reading, now: Reading) -> float:
    """The seconds by which the wall time was stepped between two readings; 0 where it is 2 s or less."""
    step = (now.wall - before.wall) - (now.monotonic - before.monotonic)
    return step if abs(step) > STEP_SECONDS else 0.0


class WallWatch:
    """Raises the alarm once for each step; small ones that add up count too."""

    def __init__(self, read: Callable[[], Reading], alarms: Counter) -> None:
        self._read = read
        self._alarms = alarms
        self._before = read()

    def look(self) -> None:
        """Compare with the start, or with the last step."""
        now = self._read()
        if step := step_between(self._before, now):
            log.error("the machine's wall time was stepped", seconds=round(step, 3))
            self._alarms.inc()
            self._before = now
