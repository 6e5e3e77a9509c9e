"""A clock that stands still until it is told to go on."""

from datetime import UTC, datetime, timedelta

from shared.kernel.instants import require_aware


class ManualClock:
    """A `shared.base.clock.Clock` for tests: stories fast-forward it, nobody sleeps."""

    def __init__(self, start: datetime) -> None:
        self._now = require_aware(start).astimezone(UTC)

    def now(self) -> datetime:
        """Where it stands, in UTC."""
        return self._now

    def real_seconds_until(self, instant: datetime) -> float:
        """It never gets there by itself."""
        return 0.0 if instant <= self._now else float("inf")

    def forward(self, step: timedelta) -> datetime:
        """Go on by a step; where it stands then."""
        return self.move_to(self._now + step)

    def move_to(self, instant: datetime) -> datetime:
        """Go on to an instant; time does not run backwards."""
        if instant < self._now:
            raise ValueError(f"{instant} is before {self._now}")
        self._now = require_aware(instant).astimezone(UTC)
        return self._now
