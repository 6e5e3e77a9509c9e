"""Overruns, recomputed from facts and rules and held against what the ledger says of them (SL-3, SL-9)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.sla.domain.calendars import Measure
from services.sla.domain.clock import Clock, State
from services.sla.domain.derive import Publication, clocks
from services.sla.domain.facts import Fact
from services.sla.domain.ledger import Entry, Standing, replay
from services.sla.domain.record import NO_KEY


@dataclass(frozen=True, slots=True)
class Overrun:
    """How far a clock was overrun, in the limit's own measure and elapsed; `until` is when it was stopped, or now.

    `entry` is the last that the ledger has of it: it names the versions by which it was counted. `confirmed`: facts and
    rules give the state and the instants that the ledger gives.
    """

    clock: Clock
    entry: Entry | None
    until: datetime
    seconds: float
    elapsed_seconds: float
    confirmed: bool

    @property
    def measure(self) -> Measure:
        """In what `seconds` are counted."""
        return self.clock.measure

    @property
    def versions(self) -> tuple[str, str]:
        """Of the policy and of the calendar; those of today's derivation where the ledger did not yet exist."""
        if self.entry is None:
            return self.clock.policy_version, self.clock.calendar.version
        return self.entry.policy_version, self.entry.calendar_version


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
    last = {entry.identity: entry for entry in sorted(entries, key=lambda entry: entry.revision)}
    for clock in clocks(facts, publications, now):
        if clock.state in (State.BREACHED, State.LATE):
            identity = (clock.name, clock.key or NO_KEY, clock.generation)
            confirmed = _is_told_by(standing.get(identity), clock)
            yield Overrun(clock, last.get(identity), *overrun(clock, now), confirmed)


def _is_told_by(told: Standing | None, clock: Clock) -> bool:
    derived = (clock.state, clock.started_at, clock.due_at, clock.stopped_at)
    return told is not None and (told.state, told.started_at, told.due_at, told.stopped_at) == derived
