"""The parts of a policy file that only sla has: facts, conditions, what starts a clock, limits, warnings."""

from collections.abc import Mapping

from services.sla.domain.conditions import DEFAULTS, CaseCondition, FactCondition, FactConditions
from services.sla.domain.limits import IN_HOURS, Counting, Limit
from services.sla.domain.policy import Start
from shared.kernel.conditions import read_requirements
from shared.kernel.reading import Part, listed
from shared.kernel.vocabulary import FACTS

LONGEST_HOURS = 100 * 366 * 24
LONGEST_DAYS = 10_000
MOST_WARNINGS = 10
FACT_PARTS = frozenset({"due_at", "key"})


def fractions(part: Part) -> tuple[float, ...]:
    """Fractions of a limit in thousandths, ascending, between 0 and 1."""
    values = part.value if isinstance(part.value, list) else [part.value]
    good = all(isinstance(value, float) and 0 < value < 1 and round(value, 3) == value for value in values)
    if not good or sorted(set(values)) != values or len(values) > MOST_WARNINGS:
        part.wrong(
            f"must be at most {MOST_WARNINGS} ascending fractions like [0.5, 0.8], thousandths at most; [] for none"
        )
        return ()
    return tuple(values)


def facts(part: Part) -> FactConditions:
    """A list of facts: names, or mappings that also say what the fact must carry."""
    return FactConditions(tuple(_fact(each) for each in part.items()))


def _fact(part: Part) -> FactCondition:
    name = part.at("fact") if isinstance(part.value, Mapping) else part
    if isinstance(part.value, Mapping):
        part.mapping({"fact", "has"})
    if name.value not in FACTS:
        name.wrong(f"{name.value!r} is no fact of a case; use one of {listed(FACTS)}")
    has = [each.value for each in part.at("has").items()]
    for each in has:
        if each not in FACT_PARTS:
            part.at("has").wrong(f"{each!r} is nothing that a fact carries; use {listed(FACT_PARTS)}")
    return FactCondition(str(name.value), frozenset(map(str, has)))


def case_condition(part: Part) -> CaseCondition:
    """A mapping of attributes to a value or a list of values, or a list of such mappings."""
    return CaseCondition(tuple(read_requirements(each, DEFAULTS) for each in part.items()))


def start(part: Part) -> Start:
    """What starts a clock."""
    if isinstance(part.value, list | str):
        return Start(_some_facts(part))
    asked = part.mapping({"facts", "once", "became"})
    if ("facts" in asked) == ("became" in asked):
        part.wrong("the clock never starts; give either facts or `became` with conditions")
    once = part.at("once").flag()
    if once and "became" in asked:
        part.wrong("`once` goes with `facts` only; leave it out")
    became = case_condition(part.at("became")) if "became" in asked else None
    return Start(_some_facts(part.at("facts")) if "facts" in asked else FactConditions(), became, once)


def _some_facts(part: Part) -> FactConditions:
    found = facts(part)
    if not found.any_of:
        part.wrong("the clock never starts; name at least one fact")
    return found


def limit(part: Part, beside: frozenset[str] = frozenset()) -> Limit:
    """One limit: exactly one way of counting; `beside` are keys of the same mapping that somebody else reads."""
    words = {str(each) for each in Counting}
    asked = part.mapping(words | {"otherwise"} | beside)
    chosen = [word for word in asked if word in words]
    if len(chosen) != 1:
        part.wrong(f"the clock never ends; give exactly one of {listed(words)}")
        return Limit(Counting.GIVEN)
    counting = Counting(chosen[0])
    otherwise = _otherwise(part, counting) if "otherwise" in asked else None
    return Limit(counting, _amount(part.at(chosen[0]), counting), otherwise)


def _otherwise(part: Part, counting: Counting) -> Limit | None:
    if counting is not Counting.GIVEN:
        part.wrong("`otherwise` goes with `given` only; leave it out")
        return None
    fallback = limit(part.at("otherwise"))
    if fallback.counting is Counting.GIVEN:
        part.at("otherwise").wrong("must be a limit of its own; give hours or days")
    return fallback


def _amount(part: Part, counting: Counting) -> float:
    if counting in (Counting.GIVEN, Counting.SAME_DAY):
        if part.value is not True:
            part.wrong("must be true; another limit has another name")
        return 0
    most = LONGEST_HOURS if counting in IN_HOURS else LONGEST_DAYS
    kinds = int | float if counting in IN_HOURS else int
    if not isinstance(part.value, kinds) or isinstance(part.value, bool) or not 0 < part.value <= most:
        part.wrong(f"must be a number above 0, at most {most}" + ("" if counting in IN_HOURS else ", of whole days"))
        return 1
    return part.value
