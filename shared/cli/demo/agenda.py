"""When to stop the clock: at every act of the story exactly, for everything else at the next look. Pure."""

import heapq
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from shared.cli.demo.acts import Act
from shared.cli.demo.words import ZONE

DAY_HOURS: Final = range(8, 18)
BY_DAY: Final = timedelta(hours=1)
BY_NIGHT: Final = timedelta(hours=4)
MINUTE: Final = timedelta(minutes=1)


def next_look(instant: datetime) -> datetime:
    """The first look not before an instant's minute: every hour by day, every four hours by night."""
    there = instant.astimezone(ZONE).replace(second=0, microsecond=0)
    every = BY_DAY if there.hour in DAY_HOURS else BY_NIGHT
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0)
    looks = -((midnight - there) // every)
    return midnight + looks * every


class Agenda:
    """What is still to be done, and when time has to stop for it."""

    def __init__(self, until: datetime, exact_until: datetime) -> None:
        self._until = until
        self._exact_until = exact_until
        self._acts: list[tuple[datetime, int, Act]] = []
        self._exact: list[datetime] = []
        self._order = count()

    def add(self, acts: Iterable[Act], *, exact: bool = False) -> None:
        """Acts to do at the look after their moment, or exactly then; those after the end are left out."""
        for act in acts:
            if act.at <= self._until:
                heapq.heappush(self._acts, (act.at, next(self._order), act))
                if exact:
                    self.look_at(act.at)

    def look_at(self, instant: datetime) -> None:
        """Stop the clock at this very moment."""
        if instant <= self._until:
            heapq.heappush(self._exact, instant)

    def due(self, now: datetime) -> list[Act]:
        """What is to be done by now, in order; it is taken off."""
        found = []
        while self._acts and self._acts[0][0] <= now:
            found.append(heapq.heappop(self._acts)[2])
        return found

    def next_stop(self, now: datetime, next_timer: datetime | None) -> datetime | None:
        """Where the clock goes next; None when nothing more happens before the end."""
        while self._exact and self._exact[0] <= now:
            heapq.heappop(self._exact)
        wanted = [self._exact[0]] if self._exact else []
        if self._acts:
            at = self._acts[0][0]
            wanted.append(_look_after(now, at) if at > now else now)
        if next_timer is not None:
            is_quiet = now < next_timer < self._exact_until
            wanted.append(next_timer if is_quiet else _look_after(now, next_timer))
        first = min(wanted, default=None)
        return first if first is not None and first <= self._until else None


def _look_after(now: datetime, instant: datetime) -> datetime:
    """The look for this instant, always a later one than now's: what follows within seconds waits for the next."""
    return max(next_look(instant), next_look(now + MINUTE))
