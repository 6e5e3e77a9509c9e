"""The ledger of clocks: every word said of a clock is an entry, and the entries give the clock back (SL-3, SL-6)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from services.sla.domain.changes import Change, Said
from services.sla.domain.clock import State
from services.sla.domain.marks import BREACH


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing said of a clock, and by which versions it was counted; never changed, never taken away.

    `at` is when it was said. What time does (`warned`, `breached`) has a `fraction` and nobody who did it; everything
    else has whom (`by`), the fact that it came from or with (`fact_seq`), and the clock as it stood after it.
    """

    case_no: str
    clock: str
    key: str
    revision: int
    generation: int
    change: Change
    at: datetime
    policy_version: str
    calendar: str
    calendar_version: str
    fraction: float | None = None
    by: str | None = None
    fact_seq: int | None = None
    reason: str | None = None
    state: State | None = None
    started_at: datetime | None = None
    due_at: datetime | None = None
    stopped_at: datetime | None = None

    @property
    def identity(self) -> tuple[str, str, int]:
        """Which clock of its case it is about."""
        return self.clock, self.key, self.generation


@dataclass(frozen=True, slots=True)
class Standing:
    """A clock as its entries tell it; the names are those of a kept record."""

    revision: int
    state: State
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    policy_version: str
    calendar_version: str
    warned: tuple[float, ...] = ()
    breached_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = None


def entry_of(said: Said, now: datetime) -> Entry:
    """The entry for what is said."""
    record, cause = said.record, said.cause
    return Entry(
        case_no=record.case_no,
        clock=record.name,
        key=record.key,
        revision=record.revision,
        generation=record.generation,
        change=said.change,
        at=now,
        policy_version=record.policy_version,
        calendar=record.calendar,
        calendar_version=record.calendar_version,
        fraction=BREACH if said.change is Change.BREACHED else None,
        by=cause.by,
        fact_seq=cause.seq,
        reason=cause.reason,
        state=record.state,
        started_at=record.started_at,
        due_at=record.due_at,
        stopped_at=record.stopped_at,
    )


def replay(entries: Iterable[Entry]) -> dict[tuple[str, str, int], Standing]:
    """The clocks of a case, from its entries in any order.

    The revision of one that runs is the highest of all its generations: what its timers say comes after all of them.
    A clock that was dropped, because later facts showed that the case never had it, stands as cancelled; one that came
    back begins anew. What was said before the ledger was kept is not known: such a clock is not there.
    """
    standing: dict[tuple[str, str, int], Standing] = {}
    highest: dict[tuple[str, str], int] = {}
    for entry in sorted(entries, key=lambda entry: entry.revision):
        before = None if entry.change is Change.STARTED else standing.get(entry.identity)
        after = _begun(entry) if entry.change is Change.STARTED else before and _next(before, entry)
        if after is not None:
            standing[entry.identity] = after
        highest[entry.identity[:2]] = entry.revision
    return {
        identity: replace(each, revision=highest[identity[:2]]) if each.state is State.RUNNING else each
        for identity, each in standing.items()
    }


def _begun(entry: Entry) -> Standing | None:
    if entry.state is None or entry.started_at is None or entry.due_at is None:
        return None
    versions = entry.policy_version, entry.calendar_version
    return Standing(entry.revision, entry.state, entry.started_at, entry.due_at, entry.stopped_at, *versions)


def _next(before: Standing, entry: Entry) -> Standing:
    after = replace(before, revision=entry.revision)
    if entry.state is not None:
        after = replace(
            after,
            state=entry.state,
            started_at=entry.started_at or before.started_at,
            due_at=entry.due_at or before.due_at,
            stopped_at=entry.stopped_at,
            policy_version=entry.policy_version,
            calendar_version=entry.calendar_version,
        )
    elif entry.change is Change.BREACHED:
        after = replace(after, state=State.BREACHED)
    if entry.change is Change.WARNED and entry.fraction is not None:
        return replace(after, warned=(*before.warned, entry.fraction))
    if entry.change is Change.BREACHED:
        return replace(after, breached_at=entry.at)
    if entry.change is Change.BREACH_REVOKED:
        return replace(after, breached_at=None, revoked_at=entry.at, revoked_by=entry.by)
    return after
