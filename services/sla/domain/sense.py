"""Whether a policy makes sense as a whole: what each part says may be right and all together wrong.

Refused are: a clock that no case has, that never starts, or that nothing stops; a limit that no case reaches; a warning
that can never come; two clocks that count the same for the same case; several opinion clocks for one promise; and an
open state in which no clock runs (`coverage`).
"""

from collections.abc import Iterable, Iterator
from itertools import combinations

from services.sla.domain.conditions import CaseCondition, FactConditions
from services.sla.domain.coverage import gaps
from services.sla.domain.kinds_of_case import Sort, sorts
from services.sla.domain.life import WHILE_OPEN
from services.sla.domain.policy import ClockRule, Policy
from shared.kernel.conditions import REGION
from shared.kernel.reading import Problems
from shared.kernel.vocabulary import RECEIVED

Found = Iterator[tuple[str, str]]
"""A place below `clocks`, and what is wrong there."""


def check_sense(policy: Policy, problems: Problems) -> None:
    """Note what is wrong with the clocks that could be read; the whole is judged once every part is right."""
    sound = [rule for name, rule in policy.clocks.items() if not _noted(f"clocks.{name}", problems)]
    for rule in sound:
        for place, why in (*_starts(rule), *_ends(rule), *_limits(rule)):
            problems.add(f"clocks.{rule.name}{place}", why)
    for one, other in combinations(sound, 2):
        _overlap(one, other, problems)
    if not problems.found and policy.clocks:
        _promises(policy, problems)
        for gap in gaps(policy):
            problems.add("clocks", gap.words())


def never_ends(begins: FactConditions, ends: FactConditions) -> bool:
    """Whether a wait that has begun cannot end: a fact that also begins it does not end it, nor does one too late."""
    return not ((ends.names - begins.names) & WHILE_OPEN) or (ends.names - begins.names) == {RECEIVED}


def _noted(place: str, problems: Problems) -> bool:
    return any(each.startswith((f"{place}.", f"{place}:", f"{place}[")) for each in problems.found)


def _starts(rule: ClockRule) -> Found:
    its = _its_sorts(rule)
    if not its:
        yield ".for", "no case is like this, so the clock never starts; widen it"
        return
    for index, variant in enumerate(rule.variants):
        became = variant.start.became
        if became is None or not any(each.variant(rule) is variant for each in its):
            continue
        place = f".variants[{index}].start.became" if len(rule.variants) > 1 else ".start.became"
        holding = [each for each in its if became.holds(each.attributes)]
        if not holding:
            yield place, "no case of this clock is ever like this, so the clock never starts; make it agree with `for`"
        elif len({became.holds(each.attributes) for each in sorts([rule])}) == 1:
            yield (
                place,
                "every case is like this from the beginning, none becomes it; give facts",
            )


def _ends(rule: ClockRule) -> Found:
    if rule.stop.names == {RECEIVED}:
        yield ".stop", "the clock never ends: a case is received once, before anything starts; name a later fact"
    lost = rule.stop.names & rule.restart.names
    if lost == rule.stop.names and lost:
        yield ".stop", "the clock never ends: each of these facts also starts it anew; take one out of `restart`"


def _limits(rule: ClockRule) -> Found:
    its = _its_sorts(rule)
    for index, variant in enumerate(rule.variants):
        if its and not any(each.variant(rule) is variant for each in its):
            yield (
                f".limit[{index}]",
                "no case of this clock comes to it: `for` or an earlier one excludes it",
            )


def _its_sorts(rule: ClockRule) -> list[Sort]:
    return [each for each in sorts([rule]) if each.has(rule)]


def _overlap(one: ClockRule, other: ClockRule, problems: Problems) -> None:
    """Two clocks from the same facts to the same facts are one promise: for one case only one may count."""
    if not _counts_the_same(one, other) or _never_both(one.selects, other.selects):
        return
    both = next((each for each in sorts([one, other]) if each.has(one) and each.has(other)), None)
    if both is not None and both.variant(one).start == both.variant(other).start:
        why = (
            f"overlaps with {one.name}: both count from the same start to the same stop for {both.words()}; "
            "tell them apart by `for` or `valid`, or make them one clock with a list of limits"
        )
        problems.add(f"clocks.{other.name}", why)


def _never_both(one: CaseCondition, other: CaseCondition) -> bool:
    """Whether it is plain, without looking at cases, that none meets both: much the most frequent answer."""
    if len(one.alternatives) != 1 or len(other.alternatives) != 1:
        return False
    others = dict(other.alternatives[0])
    return any(name != REGION and not values & others.get(name, values) for name, values in one.alternatives[0])


def _counts_the_same(one: ClockRule, other: ClockRule) -> bool:
    return (one.stop, one.restart, one.keyed) == (other.stop, other.restart, other.keyed)


def _promises(policy: Policy, problems: Problems) -> None:
    rules = _known(policy, policy.promise.opinion_by)
    for each in sorts(rules):
        claiming = [rule.name for rule in rules if each.has(rule)]
        if len(claiming) > 1:
            why = f"{' and '.join(claiming)} overlap for {each.words()}; only one may make the promise"
            problems.add("promise.opinion_by", why)
            return


def _known(policy: Policy, names: Iterable[str]) -> list[ClockRule]:
    return [policy.clocks[name] for name in names if name in policy.clocks]
