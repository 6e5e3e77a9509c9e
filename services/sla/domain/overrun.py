"""Overruns, recomputed from facts and rules and held against what the ledger says of them (SL-3, SL-9)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.sla.domain.calendars import Measure
from services.sla.domain.clock import Clock, State
from services.sla.domain.derive import Publication, clocks
from services.sla.domain.facts import Fact
from services.sla.domain.ledger import Entry, replay
from services.sla.domain.record import NO_KEY


@dataclass(frozen=True, slots=True)
class Overrun:
    """How far a clock was overrun, in the limit's own measure and elapsed; `until` is when it was stopped, or now.

    `confirmed`: facts and rules give the same state, due instant and versions as the ledger names.
    """

    clock: Clock
    until: datetime
    seconds: float
    elapsed_seconds: float
    confirmed: bool

    @property
    def measure(self) -> Measure:
        """In what `seconds` are counted."""
        return self.clock.measure


def overrun(clock: Clock, now: datetime) -> tuple[datetime, float, float]:
    """Until when a clock was overrun, and how far: in its own measure and elapsed. No wait rescues it after its end."""
    until = max(clock.ended_at or now, clock.due_at)
    counted = clock.calendar.length(clock.measure, clock.due_at, until)
    return until, counted, (until - clock.due_at).total_seconds()


def overruns(
    facts: Iterable[Fact], publications: Sequence[Publication], entries: Sequence[Entry], now: datetime
) -> Iterator[Overrun]:
    """Every overrun of a case, oldest clock first."""
    standing = replay(entries)
    named = {(each.identity, each.revision): (each.policy_version, each.calendar_version) for each in entries}
    for clock in clocks(facts, publications, now):
        if clock.state not in (State.BREACHED, State.LATE):
            continue
        identity = (clock.name, clock.key or NO_KEY, clock.generation)
        told = standing.get(identity)
        confirmed = (
            told is not None
            and (told.state, told.due_at, told.stopped_at) == (clock.state, clock.due_at, clock.stopped_at)
            and named[identity, told.revision] == (clock.policy_version, clock.calendar.version)
        )
        yield Overrun(clock, *overrun(clock, now), confirmed)
