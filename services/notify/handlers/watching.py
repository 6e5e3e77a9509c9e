"""Who has died: other processes' attempts are watched for signs of life, by our own monotonic clock alone (NO-2).

The wall clocks of replicas may differ by more than a lease. So nobody compares an instant that another has written
with a clock of its own: an attempt whose mark has not changed while we looked at it for a whole lease is given up.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

LEASE_SECONDS: Final = 5.0
"""For how long an attempt may show no sign of life; its owner gives one at least every 2.5 s while the call lasts."""
LOOK_SECONDS: Final = 0.5
GAP_SECONDS: Final = 3.0
"""Who did not look for so long knows nothing: we stood still, or the database was away and nobody could renew."""


class Watch:
    """The marks of attempts that are not ours, and since when each stands."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._looked = float("-inf")
        self._seen: dict[int, tuple[datetime, float]] = {}

    def is_due(self) -> bool:
        """Whether it is time for another look."""
        return self._monotonic() - self._looked >= LOOK_SECONDS

    def look(self, marks: Mapping[int, datetime]) -> None:
        """These attempts are open now, with these marks."""
        now = self._monotonic()
        known = self._seen if now - self._looked <= GAP_SECONDS else {}
        self._looked = now
        self._seen = {
            each: known[each] if each in known and known[each][0] == mark else (mark, now)
            for each, mark in marks.items()
        }

    def silent(self) -> dict[int, datetime]:
        """The attempts that are given up, with the marks that were seen."""
        now = self._monotonic()
        return {each: mark for each, (mark, since) in self._seen.items() if now - since >= LEASE_SECONDS}
