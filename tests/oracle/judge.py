"""Both opinions on one case, and what to read when they differ: the shortest case that still shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from services.sla.domain.derive import clocks as derived
from services.sla.domain.marks import marks, minutes_left
from tests.oracle import clocks as oracle
from tests.oracle.lives import case_of
from tests.oracle.minutes import EPOCH, Beyond, Minute, instant_of
from tests.oracle.run import Run
from tests.oracle.table import Happened
from tests.oracle.worlds import Change, Rulebook, changes_of, told

RULEBOOK_EVERY = 100
"""So many cases share a policy; reading one takes longer than judging many cases by it."""
POOL = 4
"""So many earlier ones may be published after it."""
NEAR = 0.01
"""Minutes; what is left by a share of another limit ends between two of them."""
Opinion = dict[tuple[str, str, int], dict[str, Any]]


@dataclass(frozen=True)
class Trial:
    """One case under one policy, looked at from `now`; `seed` makes it again."""

    rulebook: Rulebook
    facts: Sequence[Happened]
    now: int
    seed: int
    changes: Sequence[Change] = ()

    def without(self, seq: int) -> "Trial":
        return replace(self, facts=[fact for fact in self.facts if fact.seq != seq])

    def shorter(self) -> "Iterator[Trial]":
        """The same without one publication, or without one fact."""
        for change in self.changes:
            yield replace(self, changes=[each for each in self.changes if each is not change])
        for fact in self.facts[1:]:
            yield self.without(fact.seq)

    @property
    def all_changes(self) -> list[Change]:
        return [Change(self.rulebook), *self.changes]

    def differs(self) -> bool:
        try:
            return not alike(by_requirements(self), by_engine(self))
        except Beyond:
            return False


def trials(seed: int, count: int) -> Iterator[Trial]:
    """So many trials; the first policy is the built-in one. Half of them know of no publication but the first."""
    rulebooks = [Rulebook(None)]
    for number in range(count):
        own = seed * 1_000_000 + number
        if number and number % RULEBOOK_EVERY == 0:
            rulebooks = [*rulebooks[-POOL:], Rulebook(Random(own))]
        random = Random(own)
        facts, now = case_of(random)
        changes = changes_of(random, rulebooks, facts[0].at - 600, now) if number % 2 else []
        yield Trial(rulebooks[-1], facts, now, own, changes)


def by_requirements(trial: Trial) -> Opinion:
    """What the second opinion says; raises Beyond where its array ends."""
    found: Opinion = {}
    editions = [each.edition for each in trial.all_changes]
    last = _last(trial)
    for row, run in oracle.clocks(trial.facts, editions, trial.now):
        until = run.end if run.end is not None else run.paused_since
        until = trial.now if until is None else until
        found[row.name, run.key or "", run.generation] = {
            "state": run.state,
            "started": run.start.at,
            "due": run.due,
            "stopped": run.stopped,
            "paused since": run.paused_since,
            "used": _used(run, until),
            "left": run.length(_since(run, until), run.due),
            "provisional": run.provisional,
            "marks": {mark: max(at, last) for mark, at in run.marks().items()},
        }
    return found


def _used(run: Run, until: int) -> Minute:
    return max(0, run.length(run.taken.at, _since(run, until)) - run.waited) + run.taken.used


def _since(run: Run, until: int) -> int:
    return until if run.taken.at == run.start.at else max(until, run.taken.at)


def _last(trial: Trial) -> int:
    """Marks before the last publication are all past, however they were counted."""
    return max((each.at for each in trial.changes), default=0)


def alike(one: Any, other: Any) -> bool:
    """Whether both say the same, instants but for less than a second."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(value, other[name]) for name, value in one.items())
    if isinstance(one, int | float | Fraction) and isinstance(other, int | float | Fraction):
        return abs(one - other) < NEAR
    return bool(one == other)


def by_engine(trial: Trial) -> Opinion:
    """What the engine says of the same facts, told in any order and some of them again."""
    now = instant_of(trial.now)
    heard = told(list(trial.facts), Random(trial.seed))
    found: Opinion = {}
    last = _last(trial)
    for clock in derived(heard, [each.publication for each in trial.all_changes], now):
        usage = clock.usage
        found[clock.name, clock.key or "", clock.generation] = {
            "state": str(clock.state),
            "started": exact(clock.started_at),
            "due": exact(clock.due_at),
            "stopped": None if clock.stopped_at is None else exact(clock.stopped_at),
            "paused since": None if clock.paused_since is None or not clock.is_open else exact(clock.paused_since),
            "used": usage.used_seconds(clock.calendar, now) / 60,
            "left": usage.left_seconds(clock.calendar, now) / 60,
            "provisional": clock.provisional,
            "marks": {_mark(mark.fraction): max(last, exact(mark.at)) for mark in marks(clock)}
            if clock.is_open
            else {},
        }
    return found


def exact(instant: datetime) -> float:
    return (instant - EPOCH) / timedelta(minutes=1)


def _mark(fraction: float) -> float | str:
    minutes = minutes_left(fraction)
    return f"{minutes} minutes left" if minutes else fraction


def shortest(trial: Trial) -> Trial:
    """Facts and publications are left out as long as the two still differ."""
    while (less := next((each for each in trial.shorter() if each.differs()), None)) is not None:
        trial = less
    return trial


def story(trial: Trial) -> str:
    """A disagreement for people: what happened, what either says."""
    zone = Change(trial.rulebook).edition.calendar(str(trial.facts[0].sets.get("region", ""))).zone
    lines = [f"case {trial.seed}, on the wall in {zone.key}:"]

    def wall(minute: Minute | None) -> str:
        return "-" if minute is None else f"{instant_of(int(minute)).astimezone(zone):%a %Y-%m-%d %H:%M}"

    for fact in sorted(trial.facts, key=lambda each: (each.at, each.seq)):
        more = [f"key {fact.key}"] if fact.key else []
        more += [f"due {wall(fact.due)}"] if fact.due is not None else []
        more += [f"voids {fact.voids}"] if fact.voids else []
        more += [f"{name} {value}" for name, value in fact.sets.items() if name not in ("mode", "channel")]
        lines.append(f"  {wall(fact.at)}  {fact.seq:2} {fact.name}" + (f" ({', '.join(more)})" if more else ""))
    lines += [f"  {wall(each.at)}     {each.running} published, calendars {each.variant}" for each in trial.changes]
    lines.append(f"  {wall(trial.now)}     looked at")
    required, engine = by_requirements(trial), by_engine(trial)
    for name in sorted(required.keys() | engine.keys()):
        lines += _difference(" ".join(map(str, name)), required.get(name), engine.get(name), wall)
        if not alike(required.get(name), engine.get(name)):
            lines += [f"    {each.of(name[0])}" for each in trial.all_changes]
    return "\n".join(lines)


def _difference(name: str, required: Any, engine: Any, wall: Any) -> list[str]:
    if required is None or engine is None:
        return [
            f"  {name}: only {'the engine' if required is None else 'the requirements'} has it: {required or engine}"
        ]
    lines = []
    for part, value in required.items():
        if not alike(value, engine[part]):
            instant = part in ("started", "due", "stopped", "paused since")
            shown = [wall(each) if instant else each for each in (value, engine[part])]
            lines.append(f"  {name}, {part}: {shown[0]} by the requirements, {shown[1]} by the engine")
    return lines
