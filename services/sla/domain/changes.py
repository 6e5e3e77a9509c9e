"""What has to be said, kept and timed when a case's clocks are derived anew: pure, and idempotent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from services.sla.domain.clock import Clock, State
from services.sla.domain.marks import BREACH, Mark, marks, unsaid
from services.sla.domain.record import NO_KEY, Record


class Change(StrEnum):
    """What is said of a clock: the events of contracts 5."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    MOVED = "moved"
    WARNED = "warned"
    BREACHED = "breached"
    STOPPED = "stopped"
    BREACH_REVOKED = "breach_revoked"
    CANCELLED = "cancelled"


TOLD_AS = {State.PAUSED: Change.PAUSED, State.CANCELLED: Change.CANCELLED}


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something is said: the fact (its `seq`) and who told it; `reason` names a wait. Time itself is nobody."""

    by: str | None = None
    seq: int | None = None
    reason: str | None = None


TIME = Cause()


@dataclass(frozen=True, slots=True)
class Said:
    """One event of a clock; the record has its revision."""

    change: Change
    record: Record
    cause: Cause = TIME


@dataclass(slots=True)
class Timed:
    """A record with the marks that lie ahead, in place of its timers."""

    record: Record
    marks: list[Mark]


@dataclass(slots=True)
class Plan:
    """Everything that follows from deriving a case's clocks.

    `floors` are the revisions of clocks that were dropped, by name and key: should one come back, it counts on.
    """

    said: list[Said] = field(default_factory=list)
    added: list[Timed] = field(default_factory=list)
    changed: list[Record] = field(default_factory=list)
    timed: list[Timed] = field(default_factory=list)
    dropped: list[Record] = field(default_factory=list)
    floors: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Telling:
    """Of which case, when, by whom its last fact (`seq`) was told.

    A `silent` case is history: what is past is not said.
    """

    case_no: str
    now: datetime
    by: str
    silent: bool
    floors: Mapping[str, int] = field(default_factory=dict)
    seq: int | None = None


def plan(records: Sequence[Record], clocks: Iterable[Clock], telling: Telling) -> Plan:
    """Compare the kept clocks of a case with the derived ones."""
    return _Planning(records, telling).run(clocks)


class _Planning:
    def __init__(self, records: Sequence[Record], telling: Telling) -> None:
        self.telling = telling
        self.records = {record.identity: record for record in records}
        self.revisions = dict(telling.floors)
        for record in records:
            self.revisions[record.line] = max(record.revision, self.revisions.get(record.line, 0))
        self.running: list[Record] = []
        self.plan = Plan(floors=dict(telling.floors))

    def run(self, clocks: Iterable[Clock]) -> Plan:
        left = dict(self.records)
        for clock in clocks:
            self._compare(left.pop((clock.name, clock.key or NO_KEY, clock.generation), None), clock)
        for gone in left.values():
            self._drop(gone)
        for record in self.running:
            if record.revision < self.revisions[record.line]:
                self._catch_up(record)
        return self.plan

    def _compare(self, old: Record | None, clock: Clock) -> None:
        new, changes = self._judge(old, _record(self.telling.case_no, clock, old), clock)
        if changes or new != old:
            new = self._say(new, changes, clock)
            self._keep(old, new, clock)
        if new.state is State.RUNNING:
            self.running.append(new)

    def _catch_up(self, record: Record) -> None:
        """Other generations were spoken of: what the timers say of this one comes after that."""
        later = replace(record, revision=self.revisions[record.line])
        for timed in (*self.plan.added, *self.plan.timed):
            if timed.record is record:
                timed.record = later
        if record.id is not None:
            self.plan.changed = [each for each in self.plan.changed if each is not record] + [later]

    def _drop(self, gone: Record) -> None:
        """A clock that the facts, as they are known now, never had."""
        if gone.state is not State.CANCELLED:
            changes = [Change.BREACH_REVOKED] if gone.breached_at else []
            self._say(replace(gone, state=State.CANCELLED), [*changes, Change.CANCELLED])
        self.plan.floors[gone.line] = self.revisions[gone.line]
        self.plan.dropped.append(gone)

    def _judge(self, old: Record | None, new: Record, clock: Clock) -> tuple[Record, list[Change]]:
        """The state to keep, and what has to be said, in order."""
        changes = [] if old else [Change.STARTED]
        said = new.breached_at is not None
        if _unsaid(clock, new, self.telling.silent):
            if clock.is_open:
                new = replace(new, state=State.RUNNING)  # its timer says it, in its turn
            else:
                changes.append(Change.BREACHED)
                new = replace(new, breached_at=self.telling.now)
        elif said and new.state not in (State.BREACHED, State.LATE):
            changes.append(Change.BREACH_REVOKED)
            new = replace(new, breached_at=None, revoked_at=self.telling.now, revoked_by=self.telling.by)
        if Change.BREACHED not in changes or new.state is State.LATE:
            changes += _step(old, new)
        return new, changes

    def _say(self, record: Record, changes: list[Change], clock: Clock | None = None) -> Record:
        for change in changes:
            self.revisions[record.line] = self.revisions.get(record.line, 0) + 1
            record = replace(record, revision=self.revisions[record.line])
            self.plan.said.append(Said(change, record, _cause(change, clock, self.telling)))
        return record

    def _keep(self, old: Record | None, new: Record, clock: Clock) -> None:
        timed = Timed(new, _ahead(new, clock, self.telling))
        if old is None:
            self.plan.added.append(timed)
            return
        self.plan.changed.append(new)
        if _timing(old) != _timing(new):
            self.plan.timed.append(timed)


def _cause(change: Change, clock: Clock | None, telling: Telling) -> Cause:
    """The fact that starts, stops or pauses a clock; what else changes it came with the fact told last."""
    if change is Change.BREACHED:
        return TIME
    if clock is not None and change is Change.STARTED:
        return Cause(clock.start.by, clock.start.seq)
    if clock is not None and clock.stop is not None and change is Change.STOPPED:
        return Cause(clock.stop.by, clock.stop.seq)
    if clock is not None and clock.paused_by is not None and change is Change.PAUSED:
        return Cause(clock.paused_by.fact.by, clock.paused_by.fact.seq, clock.paused_by.reason)
    return Cause(telling.by, telling.seq)


def _record(case_no: str, clock: Clock, old: Record | None) -> Record:
    """The clock as it would be kept; what was said of it stays."""
    return Record(
        case_no=case_no,
        name=clock.name,
        key=clock.key or NO_KEY,
        generation=clock.generation,
        revision=old.revision if old else 0,
        state=clock.state,
        started_at=clock.started_at,
        due_at=clock.due_at,
        stopped_at=clock.stopped_at,
        ended_at=clock.ended_at,
        paused_since=clock.paused_since,
        paused_seconds=clock.paused_seconds,
        measure=clock.measure,
        provisional=clock.provisional,
        policy_version=clock.policy_version,
        calendar=clock.counted_by.name,
        calendar_version=clock.counted_by.version,
        warned=old.warned if old else (),
        breached_at=old.breached_at if old else None,
        revoked_at=old.revoked_at if old else None,
        revoked_by=old.revoked_by if old else None,
        used_percent=clock.used_percent,
        counted_from=clock.carried.at if clock.carried else None,
        used_before=clock.carried.used_seconds if clock.carried else 0.0,
        id=old.id if old else None,
    )


def _unsaid(clock: Clock, record: Record, silent: bool) -> bool:
    """Whether the clock was overrun and nobody was told; of history nobody is."""
    return clock.state in (State.BREACHED, State.LATE) and record.breached_at is None and not silent


def _step(old: Record | None, new: Record) -> list[Change]:
    """The change of state or of what the clock is known by, if there is one."""
    before = old.state if old else State.RUNNING
    moved = old is not None and _known_by(old) != _known_by(new)
    if new.state in (State.MET, State.LATE):
        same = old is not None and (before, old.stopped_at) == (new.state, new.stopped_at)
        return [] if same and not moved else [Change.STOPPED]
    if new.state is not before and new.state in TOLD_AS:
        return [TOLD_AS[new.state]]
    if before is State.PAUSED and new.state is State.RUNNING:
        return [Change.RESUMED]
    return [Change.MOVED] if moved or (old is not None and new.state is not before) else []


def _known_by(record: Record) -> tuple[object, ...]:
    """What listeners keep of a clock beside its state: who holds the newest revision is right in all of it."""
    versions = record.policy_version, record.calendar_version
    return record.started_at, record.due_at, record.provisional, versions


def _timing(record: Record) -> tuple[object, ...]:
    """What the timers of a clock depend on."""
    counting = record.policy_version, record.calendar_version, record.counted_from
    return record.state, record.started_at, record.due_at, record.paused_seconds, record.breached_at is None, counting


def _ahead(record: Record, clock: Clock, telling: Telling) -> list[Mark]:
    """The marks to set timers for: none below what was said already, and of those already past only the highest."""
    if record.state is not State.RUNNING:
        return []
    if record.revoked_at is not None:
        found = [mark for mark in marks(clock) if mark.fraction == BREACH]
    else:
        found = unsaid(marks(clock), record.warned)
    past = [mark for mark in found if mark.at <= telling.now]
    coming = [mark for mark in found if mark.at > telling.now]
    return coming if telling.silent else past[-1:] + coming
