"""The parts of a policy file that only sla has: facts, conditions, what starts a clock, limits, warnings."""

from collections.abc import Mapping
from datetime import date, datetime

from services.sla.domain.conditions import DEFAULTS, VALUES, CaseCondition, FactCondition, FactConditions
from services.sla.domain.limits import IN_HOURS, Counting, Limit
from services.sla.domain.marks import MINUTE, MOST_MINUTES
from services.sla.domain.policy import FOR_EVER, Start, Validity
from shared.kernel.conditions import Requirement, read_requirements
from shared.kernel.errors import Invalid
from shared.kernel.reading import Part, listed
from shared.kernel.vocabulary import FACTS
from shared.worktime.waits import parse_elapsed

LONGEST = {
    Counting.ELAPSED_HOURS: 876_600,
    Counting.WORKING_HOURS: 200_000,
    Counting.HOURS_ON_WORKING_DAYS: 600_000,
    Counting.WORKING_DAYS: 25_000,
}
"""A hundred years: of elapsed time, or of 250 working days of 8 hours."""
MOST_WARNINGS = 10
FACT_PARTS = frozenset({"due_at", "key"})


def validity(part: Part) -> Validity:
    """From which to which day, both included, a case must have been received; absent is for ever."""
    if part.value is None:
        return FOR_EVER
    asked = part.entries({"from", "until"})
    if not asked and isinstance(part.value, Mapping):
        part.wrong("says no day; give `from`, `until` or both, or leave it out")
    first = asked["from"].parsed(_day, date.min) if "from" in asked else date.min
    last = asked["until"].parsed(_day, date.max) if "until" in asked else date.max
    if first > last:
        part.wrong(f"ends on {last}, before it begins on {first}: the clock never starts; exchange them")
    return Validity(first, last)


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None or str(day) != value:
        raise ValueError(f"{value!r} is no date; write 2026-10-01")
    return day


def warnings(part: Part) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Fractions of a limit in thousandths, ascending; and the minutes left, most first, of `{left: 2h}`."""
    values = [Part(each.value, each.place, part.problems) for each in part.items()]
    lefts = [_minutes_left(each) for each in values if isinstance(each.value, Mapping)]
    fractions = [_fraction(each) for each in values if not isinstance(each.value, Mapping)]
    if len(values) > MOST_WARNINGS:
        part.wrong(f"warns {len(values)} times; at most {MOST_WARNINGS} are useful")
    if 0 not in fractions and sorted(set(fractions)) != fractions:
        part.wrong("the fractions must ascend, each once, like [0.5, 0.8]")
    if 0 not in lefts and len(set(lefts)) != len(lefts):
        part.wrong("warns twice at the same time left; keep one")
    return tuple(each for each in fractions if each), tuple(sorted((each for each in lefts if each), reverse=True))


def _fraction(part: Part) -> float:
    value = part.value
    if not isinstance(value, float | int) or isinstance(value, bool):
        part.wrong(f"{value!r} is no warning; write a fraction like 0.8, or {{left: 2h}}")
    elif value >= 1:
        part.wrong(f"{value:g} is not before the end of the limit (the breach, at 1, says itself); write 0.8 or 0.95")
    elif value <= 0:
        part.wrong(f"{value:g} is not after the start of the limit; write a fraction above 0 like 0.5")
    elif round(value, 3) != value:
        part.wrong(f"{value} is finer than thousandths; round it to {round(value, 3)}")
    else:
        return float(value)
    return 0


def _minutes_left(part: Part) -> int:
    part.mapping({"left"})
    left = part.at("left")
    try:
        wait = parse_elapsed(left.value)
    except Invalid:
        wait = None
    minutes, rest = divmod(wait.elapsed.total_seconds(), MINUTE) if wait else (0, 0)
    if wait is None or wait.unit == "day" or rest or not 0 < minutes <= MOST_MINUTES:
        left.wrong("must be whole minutes or hours of the time that the limit counts, like 2h or 30 minutes")
        return 0
    return int(minutes)


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
    return CaseCondition(tuple(_requirements(each) for each in part.items()))


def _requirements(part: Part) -> tuple[Requirement, ...]:
    """Every value must be one that the attribute can have: a typing error would choose no case at all."""
    found = read_requirements(part, DEFAULTS)
    for name, values in found:
        for value in sorted(values, key=str) if name in VALUES else ():
            if value not in VALUES[name]:
                part.at(name).wrong(f"{value!r} is no {name}; use {listed(map(_written, VALUES[name]))}")
    return found


def _written(value: str | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else value


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
    most = LONGEST[counting]
    kinds = int | float if counting in IN_HOURS else int
    if not isinstance(part.value, kinds) or isinstance(part.value, bool) or not 0 < part.value <= most:
        days = "" if counting in IN_HOURS else ", of whole days"
        part.wrong(f"must be a number above 0, at most {most} (a hundred years){days}")
        return 1
    return part.value
