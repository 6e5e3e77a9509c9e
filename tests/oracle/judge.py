"""Both opinions on one case, and what to read when they differ: the shortest case that still shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from services.sla.domain.derive import clocks as derived
from services.sla.domain.marks import marks, minutes_left
from tests.oracle import clocks as oracle
from tests.oracle.minutes import Beyond, instant_of, minute_of
from tests.oracle.table import Happened
from tests.oracle.worlds import Rulebook, case_of, told

RULEBOOK_EVERY = 100
"""So many cases share a policy; reading one takes longer than judging many cases by it."""
Opinion = dict[tuple[str, str, int], dict[str, Any]]


@dataclass(frozen=True)
class Trial:
    """One case under one policy, looked at from `now`; `seed` makes it again."""

    rulebook: Rulebook
    facts: Sequence[Happened]
    now: int
    seed: int

    def without(self, seq: int) -> "Trial":
        return Trial(self.rulebook, [fact for fact in self.facts if fact.seq != seq], self.now, self.seed)

    def differs(self) -> bool:
        try:
            return by_requirements(self) != by_engine(self)
        except Beyond:
            return False


def trials(seed: int, count: int) -> Iterator[Trial]:
    """So many trials; the first policy is the built-in one."""
    rulebook = Rulebook(None)
    for number in range(count):
        own = seed * 1_000_000 + number
        if number and number % RULEBOOK_EVERY == 0:
            rulebook = Rulebook(Random(own))
        facts, now = case_of(Random(own))
        yield Trial(rulebook, facts, now, own)


def by_requirements(trial: Trial) -> Opinion:
    """What the second opinion says; raises Beyond where its array ends."""
    found: Opinion = {}
    for row, run in oracle.clocks(trial.facts, trial.rulebook.world, trial.now):
        until = run.end if run.end is not None else run.paused_since
        until = trial.now if until is None else until
        asks_calendar = run.limit.counting not in ("elapsed", "given")
        found[row.name, run.key or "", run.generation] = {
            "state": run.state,
            "started": run.start.at,
            "due": run.due,
            "stopped": run.stopped,
            "paused since": run.paused_since,
            "used": max(0, run.length(run.start.at, until) - run.waited),
            "left": run.length(until, run.due),
            "provisional": asks_calendar and run.calendar.provisional(run.due),
            "marks": run.marks(trial.rulebook.world.rules),
        }
    return found


def by_engine(trial: Trial) -> Opinion:
    """What the engine says of the same facts, told in any order and some of them again."""
    now = instant_of(trial.now)
    heard = told(list(trial.facts), Random(trial.seed))
    found: Opinion = {}
    for clock in derived(heard, trial.rulebook.publications, now):
        usage = clock.usage
        found[clock.name, clock.key or "", clock.generation] = {
            "state": str(clock.state),
            "started": minute_of(clock.started_at),
            "due": minute_of(clock.due_at),
            "stopped": None if clock.stopped_at is None else minute_of(clock.stopped_at),
            "paused since": None if clock.paused_since is None or not clock.is_open else minute_of(clock.paused_since),
            "used": usage.used_seconds(clock.calendar, now) / 60,
            "left": usage.left_seconds(clock.calendar, now) / 60,
            "provisional": clock.provisional,
            "marks": {_mark(mark.fraction): minute_of(mark.at) for mark in marks(clock)} if clock.is_open else {},
        }
    return found


def _mark(fraction: float) -> float | str:
    minutes = minutes_left(fraction)
    return f"{minutes} minutes left" if minutes else fraction


def shortest(trial: Trial) -> Trial:
    """Facts are left out as long as the two still differ."""
    shorter = True
    while shorter:
        shorter = False
        for fact in trial.facts[1:]:
            if trial.without(fact.seq).differs():
                trial, shorter = trial.without(fact.seq), True
                break
    return trial


def story(trial: Trial) -> str:
    """A disagreement for people: what happened, what either says."""
    zone = trial.rulebook.world.calendar(str(trial.facts[0].sets.get("region", ""))).zone
    lines = [f"case {trial.seed}, on the wall in {zone.key}:"]

    def wall(minute: int | None) -> str:
        return "-" if minute is None else f"{instant_of(minute).astimezone(zone):%a %Y-%m-%d %H:%M}"

    for fact in sorted(trial.facts, key=lambda each: (each.at, each.seq)):
        more = [f"key {fact.key}"] if fact.key else []
        more += [f"due {wall(fact.due)}"] if fact.due is not None else []
        more += [f"voids {fact.voids}"] if fact.voids else []
        more += [f"{name} {value}" for name, value in fact.sets.items() if name not in ("mode", "channel")]
        lines.append(f"  {wall(fact.at)}  {fact.seq:2} {fact.name}" + (f" ({', '.join(more)})" if more else ""))
    lines.append(f"  {wall(trial.now)}     looked at")
    required, engine = by_requirements(trial), by_engine(trial)
    for name in sorted(required.keys() | engine.keys()):
        lines += _difference(" ".join(map(str, name)), required.get(name), engine.get(name), wall)
        if required.get(name) != engine.get(name) and name[0] in trial.rulebook.limits:
            lines.append(f"    limit: {trial.rulebook.limits[name[0]]}; waits: {name[0] in trial.rulebook.waiting}")
    return "\n".join(lines)


def _difference(name: str, required: Any, engine: Any, wall: Any) -> list[str]:
    if required is None or engine is None:
        return [
            f"  {name}: only {'the engine' if required is None else 'the requirements'} has it: {required or engine}"
        ]
    lines = []
    for part, value in required.items():
        if value != engine[part]:
            instant = part in ("started", "due", "stopped", "paused since")
            shown = [wall(each) if instant else each for each in (value, engine[part])]
            lines.append(f"  {name}, {part}: {shown[0]} by the requirements, {shown[1]} by the engine")
    return lines
