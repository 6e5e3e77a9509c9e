"""When something regular is done."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rounds:
    """A first round some time after the start, and one an interval after each; seconds by the monotonic clock.

    After a pause, like that of a machine that slept, there is one round and not all that were missed.
    """

    first_seconds: float
    every_seconds: float

    def first(self, started: float) -> float:
        """When the first is due."""
        return started + self.first_seconds

    def after(self, done: float) -> float:
        """When the next is due after one that was done."""
        return done + self.every_seconds
