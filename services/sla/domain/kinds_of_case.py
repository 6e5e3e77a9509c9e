"""Every sort of case that the conditions of a policy can tell apart, one example of each: what to check a policy on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from math import prod
from typing import Any

from services.sla.domain.conditions import DEFAULTS, VALUES, CaseCondition
from services.sla.domain.policy import ClockRule, Variant
from shared.kernel.conditions import REGION, meets
from shared.kernel.regions import UNASSIGNED

EARLIEST = date.min


@dataclass(frozen=True)
class Sort:
    """An example: its attributes, the day it was received, and the names of those that the policy asks for."""

    attributes: Mapping[str, Any]
    received: date
    told: tuple[str, ...]

    def has(self, rule: ClockRule) -> bool:
        """Whether such a case has this clock."""
        return rule.valid.first <= self.received <= rule.valid.last and rule.selects.holds(self.attributes)

    def variant(self, rule: ClockRule) -> Variant:
        """How the clock runs for it."""
        return rule.variant_for(self.attributes)

    def words(self) -> str:
        """The sort in words: what the policy asks for, and the day where validity tells it from others."""
        said = [f"{name} {_written(self.attributes[name])}" for name in self.told]
        if self.received != EARLIEST:
            said.append(f"received on {self.received}")
        return ", ".join(said) or "every case"


def sorts(rules: Iterable[ClockRule]) -> Iterator[Sort]:
    """One example of each sort that these clocks tell apart."""
    examples, days = _told_apart(list(rules))
    names = tuple(examples)
    for values in product(*examples.values()):
        attributes = DEFAULTS | dict(zip(names, values, strict=True))
        yield from (Sort(attributes, day, names) for day in days)


def how_many(rules: Iterable[ClockRule]) -> int:
    """The number of sorts that these clocks tell apart."""
    examples, days = _told_apart(list(rules))
    return prod(map(len, examples.values())) * len(days)


def _told_apart(rules: Sequence[ClockRule]) -> tuple[dict[str, list[Any]], list[date]]:
    """Examples of each attribute that is asked for, and of the days of receipt."""
    asked = _asked([each for rule in rules for each in _conditions(rule)])
    days = {EARLIEST} | {rule.valid.first for rule in rules}
    days |= {rule.valid.last + timedelta(days=1) for rule in rules if rule.valid.last < date.max}
    return {name: _examples(name, asked[name]) for name in sorted(asked)}, sorted(days)


def _conditions(rule: ClockRule) -> Iterable[CaseCondition]:
    yield rule.selects
    for each in rule.variants:
        yield each.when
        if each.start.became is not None:
            yield each.start.became


def _asked(conditions: Iterable[CaseCondition]) -> dict[str, list[frozenset[Any]]]:
    """The sets of values that are asked for, by attribute."""
    found: dict[str, list[frozenset[Any]]] = {}
    for condition in conditions:
        for each in condition.alternatives:
            for name, values in each:
                found.setdefault(name, []).append(values)
    return found


def _examples(name: str, asked: list[frozenset[Any]]) -> list[Any]:
    """One value for each way to meet these sets or not; `DEFAULTS` first, so that examples are plain cases."""
    known = VALUES.get(name, ()) if name != REGION else sorted(frozenset().union(*asked), key=str)
    plain = UNASSIGNED if name == REGION else DEFAULTS[name]
    found: dict[tuple[bool, ...], Any] = {}
    for value in [*([plain] if plain is not None or name == "category" else []), *known]:
        found.setdefault(tuple(meets(value, name, values) for values in asked), value)
    return list(found.values())


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value or "none")
