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
least running ways need to be followed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from services.sla.domain.conditions import FactConditions
from services.sla.domain.kinds_of_case import Sort, sorts
from services.sla.domain.life import BEFORE, OPEN, Moves, life_of
from services.sla.domain.limits import Counting
from services.sla.domain.policy import ClockRule, Policy, Start
from shared.kernel.vocabulary import FACTS

SPENT, IDLE, RUNNING = 0, 1, 2
CARRYING: Final = (frozenset[str](), frozenset({"due_at"}), frozenset({"key"}), frozenset({"due_at", "key"}))
MOST_TOLD = 5
Levels = tuple[int, ...]
Step = tuple[int, int, int]
"""Where a fact takes a clock from spent, idle and running."""
Way = tuple[str, ...]


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


def gaps(policy: Policy) -> Iterator[str]:
    """What leaves which sort of case without a clock, in words; at most a few, one for each way to come there."""
    judged: dict[tuple[object, ...], tuple[str, Way] | None] = {}
    told: set[tuple[str, Way]] = set()
    for each in sorts(policy.clocks.values()):
        counted = _counted(policy, each)
        life = life_of(each.attributes["kind"])
        key = (tuple((clock.rule.name, clock.start) for clock in counted), repr(sorted(life["resolved"])))
        if key not in judged:
            judged[key] = _gap(counted, life)
        found = judged[key]
        if found is not None and found not in told and len(told) < MOST_TOLD:
            told.add(found)
            state, way = found
            yield (
                f"no clock runs in the open state {state} after {', '.join(way)} (for example {each.words()}); "
                "let one start there, or go on until the case is resolved"
            )


def _counted(policy: Policy, sort: Sort) -> list[_Counted]:
    found = []
    for rule in policy.clocks.values():
        if not sort.has(rule) or rule.keyed:
            continue
        variant = sort.variant(rule)
        sure = variant.limit.counting is not Counting.GIVEN or variant.limit.otherwise is not None
        if sure and variant.start.became is None:
            found.append(_Counted(rule, variant.start))
    return found


def _gap(counted: list[_Counted], life: Mapping[str, Moves]) -> tuple[str, Way] | None:
    """The shortest way to an open state without a clock: first whether one clock alone is always there."""
    if any(_shortest([each], life) is None for each in counted):
        return None
    return _shortest(counted, life)


def _shortest(counted: list[_Counted], life: Mapping[str, Moves]) -> tuple[str, Way] | None:
    steps = _steps(counted)
    least: dict[str, list[Levels]] = {}
    ways: list[tuple[str, Levels, Way]] = [(BEFORE, (IDLE,) * len(counted), ())]
    for state, levels, way in ways:  # grows while it is walked: the short ways first
        if state in OPEN and RUNNING not in levels:
            return state, way
        for fact, moves in life.items():
            for target in sorted(moves.get(state, ())):
                for step in steps[fact]:
                    then = tuple(each[level] for each, level in zip(step, levels, strict=True))
                    if _is_new(then, least.setdefault(target, [])):
                        ways.append((target, then, (*way, fact)))
    return None


def _steps(counted: list[_Counted]) -> dict[str, list[tuple[Step, ...]]]:
    """What each fact may do to all clocks, for everything it may carry; each possibility once."""
    return {
        fact: list(dict.fromkeys(tuple(each.step(fact, carried) for each in counted) for carried in CARRYING))
        for fact in FACTS
    }


def _is_new(levels: Levels, least: list[Levels]) -> bool:
    """Whether no way came here with as little running; it then takes the place of those with more."""
    if any(all(a <= b for a, b in zip(each, levels, strict=True)) for each in least):
        return False
    least[:] = [each for each in least if not all(b <= a for a, b in zip(each, levels, strict=True))]
    least.append(levels)
    return True
