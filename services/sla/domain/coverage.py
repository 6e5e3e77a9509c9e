"""Whether some clock runs in every open state of every sort of case, whatever way the case came there.

The reading, so that it can be decided: a case is in one of the open states of its life (`life`), and each clock is
running, idle or, when it runs once only, spent. All ways through that life are followed; a way that comes to an open
state with no clock running leaves the case out of sight, and is told. On the safe side of doubt:

- A clock counts only where it surely starts: not when keyed, when it starts because the case *became* something, or
  when its limit is an instant that the fact may not carry.
- Which facts carry an instant or a key is anybody's choice; a `cancel` spends a clock that runs once.
- A paused clock and an overrun one count as running: the wait ends, and the breach is looked after.
- What a case is (kind, severity, ...) stays; a correction gives the clocks there would be had it always been so (SL-6),
  and these are followed as a sort of their own.

A clock never does worse for having been further on before (spent < idle < running is kept by every fact), so only the
least running ways need to be followed, and what can only stop clocks is done at once. Should a policy be so tangled
that its ways are still too many, that is said instead: who cannot be judged is not passed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.sla.domain.conditions import ALWAYS, FactConditions
from services.sla.domain.kinds_of_case import Sort, how_many, sorts
from services.sla.domain.life import BEFORE, OPEN, Moves, life_of
from services.sla.domain.limits import Counting, Limit
from services.sla.domain.policy import FOR_EVER, ClockRule, Policy, Start

SPENT, IDLE, RUNNING = 0, 1, 2
NOTHING: Final = (SPENT, IDLE, RUNNING)
CARRYING: Final = (frozenset[str](), frozenset({"due_at"}), frozenset({"key"}), frozenset({"due_at", "key"}))
MOST_TOLD = 5
MOST_WAYS = 5_000
MOST_SORTS = 5_000
TANGLED = "the ways of a case through its clocks are too many to say that one always runs"
Levels = tuple[int, ...]
Step = tuple[int, int, int]
"""Where a fact takes a clock from spent, idle and running."""
Way = tuple[str, ...]
Steps = Mapping[str, Sequence[tuple[Step, ...]]]
"""What each fact may do to all clocks, for everything it may carry; each possibility once."""
Place = tuple[str, Levels]
"""The state of a case, and its clocks."""


@dataclass(frozen=True)
class _Counted:
    """A clock as a case of some sort has it."""

    rule: ClockRule
    start: Start

    def step(self, fact: str, carried: frozenset[str]) -> Step:
        """What the fact does; `once` counts every start and stop that came before."""

        def meets(conditions: FactConditions) -> bool:
            return any(each.name == fact and each.has <= carried for each in conditions.any_of)

        cancels, restarts, stops = meets(self.rule.cancel), meets(self.rule.restart), meets(self.rule.stop)
        starts = not restarts and meets(self.start.on)
        ended = cancels or stops or restarts
        if self.start.once:
            idle = RUNNING if starts and not cancels else SPENT if cancels or stops else IDLE
            return SPENT, idle, RUNNING if restarts and not cancels else SPENT if ended else RUNNING
        idle = RUNNING if starts else IDLE
        running = RUNNING if starts or (restarts and not cancels) or not ended else IDLE
        return idle, idle, running


@dataclass(frozen=True)
class Gap:
    """An open state without a clock: the facts that lead there, and an example of a case that comes there."""

    state: str
    way: Way
    sort: Sort

    def words(self) -> str:
        """What is wrong, and the remedy."""
        if not self.way:
            return (
                f"{TANGLED} (for example {self.sort.words()}); let one clock run from received and reopened to resolved"
            )
        return (
            f"no clock runs in the open state {self.state} after {', '.join(self.way)} "
            f"(for example {self.sort.words()}); let one start there, or go on until the case is resolved"
        )


def gaps(policy: Policy) -> Iterator[Gap]:
    """What leaves which sort of case without a clock; at most a few, one for each way to come there."""
    judged: dict[tuple[object, ...], tuple[str, Way] | None] = {}
    told: set[tuple[str, Way]] = set()
    if any(_covers_all(rule) for rule in policy.clocks.values()):
        return
    if how_many(policy.clocks.values()) > MOST_SORTS:
        yield Gap("", (), next(sorts([])))
        return
    for each in sorts(policy.clocks.values()):
        counted = tuple(_counted(policy, each))
        life = life_of(each.attributes["kind"])
        kinds = repr(sorted(life["resolved"]))  # all that the kind decides
        found = _gap(counted, life, kinds, judged)
        if found is not None and found not in told and len(told) < MOST_TOLD:
            told.add(found)
            yield Gap(*found, each)


def _covers_all(rule: ClockRule) -> bool:
    """Whether every case has this clock in every open state, whatever else the policy says."""
    start = rule.variants[0].start
    if rule.selects != ALWAYS or rule.valid != FOR_EVER or any(each.start != start for each in rule.variants):
        return False
    if rule.keyed or start.became is not None or not all(_is_sure(each.limit) for each in rule.variants):
        return False
    return all(_Search([_Counted(rule, start)], life_of(kind)).gap() is None for kind in ("complaint", "inquiry"))


def _is_sure(limit: Limit) -> bool:
    return limit.counting is not Counting.GIVEN or limit.otherwise is not None


def _counted(policy: Policy, sort: Sort) -> Iterator[_Counted]:
    for rule in policy.clocks.values():
        if not sort.has(rule) or rule.keyed:
            continue
        variant = sort.variant(rule)
        if _is_sure(variant.limit) and variant.start.became is None:
            yield _Counted(rule, variant.start)


def _gap(
    counted: Sequence[_Counted],
    life: Mapping[str, Moves],
    kinds: str,
    judged: dict[tuple[object, ...], tuple[str, Way] | None],
) -> tuple[str, Way] | None:
    """A way to an open state without a clock: first whether one clock alone is always there."""
    for some in (*((each,) for each in counted), counted):
        key = (kinds, *((each.rule.name, each.start) for each in some))
        if key not in judged:
            judged[key] = _Search(some, life).gap()
        if judged[key] is None:
            return None
    return judged[key]


class _Search:
    """All ways of a case through its life, with what becomes of some clocks."""

    def __init__(self, counted: Sequence[_Counted], life: Mapping[str, Moves]) -> None:
        self.life = life
        self.start: Place = (BEFORE, (IDLE,) * len(counted))
        self.steps: Steps = {
            fact: list(dict.fromkeys(tuple(each.step(fact, carried) for each in counted) for carried in CARRYING))
            for fact in life
        }
        self.least: dict[str, list[Levels]] = {}
        self.leading: dict[str, dict[tuple[str, tuple[Step, ...]], str]] = {}

    def gap(self) -> tuple[str, Way] | None:
        """The state and the way to it; without a way when there are too many."""
        ways: list[tuple[Place, Way]] = [(self.start, ())]
        for place, way in ways:  # grows while it is walked: the short ways first
            if _is_gap(place):
                return self._shortened(way)
            if len(ways) > MOST_WAYS:
                return place[0], ()
            for fact, then in self._nexts(place):
                then, after = self._stopped(then, (*way, fact))
                if self._is_new(then):
                    ways.append((then, after))
        return None

    def _nexts(self, place: Place) -> Iterator[tuple[str, Place]]:
        """Where the facts lead, each place by the first that leads there."""
        state, levels = place
        if state not in self.leading:
            self.leading[state] = self._leading(state)
        for (target, step), fact in self.leading[state].items():
            yield fact, (target, _stepped(step, levels))

    def _leading(self, state: str) -> dict[tuple[str, tuple[Step, ...]], str]:
        """What may happen in a state, without what changes nothing and what does the same as another fact."""
        found: dict[tuple[str, tuple[Step, ...]], str] = {}
        for fact, moves in self.life.items():
            for target in sorted(moves.get(state, ())):
                for step in self.steps[fact]:
                    if target != state or any(each != NOTHING for each in step):
                        found.setdefault((target, step), fact)
        return found

    def _stopped(self, place: Place, way: Way) -> tuple[Place, Way]:
        """Where everything has happened that only stops clocks: it leaves no more running, so no gap is lost."""
        for fact, then in self._nexts(place):
            if then[0] == place[0] and then != place and _is_least(then[1], place[1]):
                return self._stopped(then, (*way, fact))
        return place, way

    def _is_new(self, place: Place) -> bool:
        """Whether no way came here with as little running; it then takes the place of those with more."""
        state, levels = place
        least = self.least.setdefault(state, [])
        if any(_is_least(each, levels) for each in least):
            return False
        least[:] = [each for each in least if not _is_least(levels, each)]
        least.append(levels)
        return True

    def _shortened(self, way: Way) -> tuple[str, Way]:
        """The gap with a way from which nothing more can be left out."""
        for index in range(len(way)):
            shorter = way[:index] + way[index + 1 :]
            if self._gaps_after(shorter):
                return self._shortened(shorter)
        return self._gaps_after(way)[0], way

    def _gaps_after(self, way: Way) -> list[str]:
        """The open states without a clock to which these facts alone may lead."""
        places = {self.start}
        for fact in way:
            places = {then for place in places for then in self._after(fact, place)}
        return sorted(state for state, levels in places if _is_gap((state, levels)))

    def _after(self, fact: str, place: Place) -> Iterator[Place]:
        for target in self.life[fact].get(place[0], ()):
            for step in self.steps[fact]:
                yield target, _stepped(step, place[1])


def _is_gap(place: Place) -> bool:
    return place[0] in OPEN and RUNNING not in place[1]


def _stepped(step: tuple[Step, ...], levels: Levels) -> Levels:
    return tuple(each[level] for each, level in zip(step, levels, strict=True))


def _is_least(levels: Levels, others: Levels) -> bool:
    return all(a <= b for a, b in zip(levels, others, strict=True))
