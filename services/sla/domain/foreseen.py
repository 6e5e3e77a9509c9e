"""What a publication would do to clocks that run: which move, which are overrun at once, which win time (SL-6)."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from services.sla.domain.changes import Plan
from services.sla.domain.clock import State
from services.sla.domain.record import Record

SOON = timedelta(hours=24)
MOVED, EARLIER, LATER = "moved", "earlier", "later"
NEWLY_BREACHED, SAVED, STARTED, ENDED, SETTLED = "newly_breached", "saved", "started", "ended", "settled"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One clock as it is and as it would be, and in words what becomes of it.

    `newly_breached`: it would be overrun at once. `saved`: it is due within 24 hours, and would be due after them.
    `settled`: its deadline is no longer provisional.
    """

    clock: str
    key: str
    what: tuple[str, ...]
    before: Record | None
    after: Record | None


@dataclass(slots=True)
class Counts:
    """How many clocks of one name in one region each of it becomes."""

    moved: int = 0
    earlier: int = 0
    later: int = 0
    newly_breached: int = 0
    saved: int = 0
    started: int = 0
    ended: int = 0
    settled: int = 0

    def add(self, each: Foreseen) -> None:
        """Count one in."""
        for word in each.what:
            setattr(self, word, getattr(self, word) + 1)

    def to_json(self) -> dict[str, int]:
        """On the wire."""
        return asdict(self)


def foresee(records: Sequence[Record], before: Plan, after: Plan, now: datetime) -> list[Foreseen]:
    """Compare what would be kept by the rules there are with what would be by the others."""
    was, would = _kept(records, before), _kept(records, after)
    found = []
    for identity in sorted(was.keys() | would.keys()):
        old, new = was.get(identity), would.get(identity)
        what = tuple(_what(old, new, now))
        if what:
            name, key, _ = identity
            found.append(Foreseen(name, key, what, old, new))
    return found


def _kept(records: Sequence[Record], plan: Plan) -> dict[tuple[str, str, int], Record]:
    kept = {record.identity: record for record in records}
    kept |= {record.identity: record for record in plan.changed}
    kept |= {timed.record.identity: timed.record for timed in plan.added}
    for gone in plan.dropped:
        kept.pop(gone.identity, None)
    return kept


def _what(old: Record | None, new: Record | None, now: datetime) -> Iterator[str]:
    if new is None or (old is not None and old.ended_at is None and new.ended_at is not None):
        yield ENDED
        return
    if old is None:
        yield STARTED
    elif (old.started_at, old.due_at) != (new.started_at, new.due_at):
        yield MOVED
        yield EARLIER if new.due_at < old.due_at else LATER
        if now < old.due_at <= now + SOON < new.due_at:
            yield SAVED
    elif old.provisional and not new.provisional:
        yield SETTLED
    if _overrun(new, now) and (old is None or not _overrun(old, now)):
        yield NEWLY_BREACHED


def _overrun(record: Record, now: datetime) -> bool:
    return record.ended_at is None and record.state is not State.PAUSED and record.due_at <= now
