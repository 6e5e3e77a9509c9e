"""When a process that died is started again (contracts 1)."""

from dataclasses import dataclass

DELAYS = (2.0, 4.0, 8.0)
HEALTHY_AFTER_SECONDS = 30.0


@dataclass
class Backoff:
    """2, 4, then 8 seconds; 2 again after 30 seconds of health."""

    deaths: int = 0

    def delay(self, healthy_seconds: float) -> float:
        """How long to wait after one more death, before which it was healthy for so long."""
        if healthy_seconds >= HEALTHY_AFTER_SECONDS:
            self.deaths = 0
        self.deaths += 1
        return DELAYS[min(self.deaths, len(DELAYS)) - 1]
