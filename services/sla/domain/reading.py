"""Reading plain data with care: every problem is noted with its place and remedy, then all are told at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.sla.domain.conditions import DEFAULTS, REGION, CaseCondition, FactCondition, FactConditions
from services.sla.domain.facts import NAMES
from services.sla.domain.limits import IN_HOURS, Counting, Limit
from services.sla.domain.policy import Start, Title
from shared.kernel.errors import Invalid
from shared.kernel.regions import parse_region

LONGEST_HOURS = 100 * 366 * 24
LONGEST_DAYS = 10_000
MOST_WARNINGS = 10
NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
FACT_PARTS = frozenset({"due_at", "key"})


@dataclass
class Problems:
    """What is wrong with a file, each as `place: why; remedy`."""

    found: list[str] = field(default_factory=list)

    def add(self, place: str, why: str) -> None:
        """Note one."""
        self.found.append(f"{place}: {why}")


@dataclass(frozen=True)
class Part:
    """One value of the file, its place in words, and where problems are noted."""

    value: Any
    place: str
    problems: Problems

    def wrong(self, why: str) -> None:
        """Note that this value will not do."""
        self.problems.add(self.place, why)

    def mapping(self, known: set[str]) -> Mapping[str, Any]:
        """The value as a mapping of known names; empty when it is none."""
        if not isinstance(self.value, Mapping):
            self.wrong(f"must be a mapping with {_listed(known)}")
            return {}
        for name in self.value:
            if name not in known:
                self.wrong(f"{name!r} is not known here; use {_listed(known)}")
        return self.value

    def at(self, name: str, default: Any = None) -> "Part":
        """A value inside."""
        value = self.value.get(name, default) if isinstance(self.value, Mapping) else default
        return Part(value, f"{self.place}.{name}" if self.place else name, self.problems)

    def items(self) -> list["Part"]:
        """The value as a list of parts; a single value is a list of one, nothing is none."""
        if self.value is None:
            return []
        values = self.value if isinstance(self.value, list) else [self.value]
        return [Part(value, f"{self.place}[{index}]", self.problems) for index, value in enumerate(values)]

    def text(self, *, required: bool = True) -> str:
        """The value as text."""
        if isinstance(self.value, str) and self.value.strip():
            return self.value
        if self.value is not None or required:
            self.wrong("must be text; write a word or a sentence")
        return ""

    def flag(self) -> bool:
        """The value as yes or no; absent is no."""
        if self.value not in (None, True, False):
            self.wrong("must be true or false")
        return self.value is True


def title(part: Part) -> Title:
    """A name in both languages."""
    part.mapping({"zh", "en"})
    return Title(zh=part.at("zh").text(), en=part.at("en").text())


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


def name(part: Part) -> str:
    """A short name of small letters, digits, `_` and `-`."""
    value = part.text()
    if value and not NAME.fullmatch(value):
        part.wrong(f"{value!r} is no name; write at most 40 of a-z, 0-9, _ and -, beginning with a letter")
    return value


def facts(part: Part) -> FactConditions:
    """A list of facts: names, or mappings that also say what the fact must carry."""
    return FactConditions(tuple(_fact(each) for each in part.items()))


def _fact(part: Part) -> FactCondition:
    name = part.at("fact") if isinstance(part.value, Mapping) else part
    if isinstance(part.value, Mapping):
        part.mapping({"fact", "has"})
    if name.value not in NAMES:
        name.wrong(f"{name.value!r} is no fact of a case; use one of {_listed(NAMES)}")
    has = [each.value for each in part.at("has").items()]
    for each in has:
        if each not in FACT_PARTS:
            part.at("has").wrong(f"{each!r} is nothing that a fact carries; use {_listed(FACT_PARTS)}")
    return FactCondition(str(name.value), frozenset(map(str, has)))


def case_condition(part: Part) -> CaseCondition:
    """A mapping of attributes to a value or a list of values, or a list of such mappings."""
    return CaseCondition(tuple(_alternative(each) for each in part.items()))


def _alternative(part: Part) -> tuple[tuple[str, frozenset[Any]], ...]:
    asked = part.mapping(set(DEFAULTS))
    if isinstance(part.value, Mapping) and not asked:
        part.wrong("asks for nothing; name an attribute, or leave the condition out")
    return tuple((name, _values(part.at(name))) for name in asked if name in DEFAULTS)


def _values(part: Part) -> frozenset[Any]:
    values = [each.value for each in part.items()]
    if not values or not all(isinstance(value, str | bool) for value in values):
        part.wrong("must be a value or a list of values; quote words that YAML takes for something else")
        return frozenset()
    for value in values:
        if part.place.endswith(f".{REGION}"):
            try:
                parse_region(value)
            except Invalid as error:
                part.wrong(error.message)
    return frozenset(values)


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
        part.wrong(f"the clock never ends; give exactly one of {_listed(words)}")
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


def _listed(words: Any) -> str:
    return ", ".join(sorted(words))
