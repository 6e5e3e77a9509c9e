"""Reading a policy's plain data: every problem is noted with its place and its remedy, then all are told at once."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from services.escalation.domain.about import LEVELS
from services.escalation.domain.durations import WRITTEN, Span, parse_span
from services.escalation.domain.policy import ALWAYS, Condition, Words
from shared.kernel.errors import Invalid
from shared.kernel.regions import parse_region

NOTHING: Final = Span(1, "hour")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass
class Problems:
    """What is wrong with a file, each as `place: why; remedy`."""

    found: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """One value of the file, its place in words, and where problems are noted."""

    value: Any
    place: str
    problems: Problems

    def wrong(self, why: str) -> None:
        """Note that this value will not do."""
        self.problems.found.append(f"{self.place}: {why}" if self.place else why)

    def mapping(self, known: Collection[str] | None = None) -> Mapping[str, Any]:
        """The value as a mapping, of known names where they are given; empty when it is none."""
        if not isinstance(self.value, Mapping):
            self.wrong(f"must be a mapping with {listed(known)}" if known else "must be a mapping of names")
            return {}
        for name in self.value:
            if known is not None and name not in known:
                self.wrong(f"{name!r} is not known here; use {listed(known)}")
            if not isinstance(name, str):
                self.wrong(f"{name!r} is no name; quote words that YAML takes for something else")
        return self.value

    def has(self, name: str) -> bool:
        """Whether something is written under this name."""
        return isinstance(self.value, Mapping) and self.value.get(name) is not None

    def at(self, name: str) -> "Part":
        """A value inside."""
        value = self.value.get(name) if isinstance(self.value, Mapping) else None
        return Part(value, f"{self.place}.{name}" if self.place else name, self.problems)

    def items(self) -> list["Part"]:
        """The value as a list of parts; a single value is a list of one, nothing is none."""
        if self.value is None:
            return []
        values = self.value if isinstance(self.value, list) else [self.value]
        return [Part(value, f"{self.place}[{index}]", self.problems) for index, value in enumerate(values)]

    def entries(self) -> list[tuple[str, "Part"]]:
        """The value as names with their parts."""
        return [(str(name), self.at(name)) for name in self.mapping() if isinstance(name, str)]

    def name(self) -> str:
        """The value as a short name."""
        if isinstance(self.value, str) and _NAME.fullmatch(self.value):
            return self.value
        self.wrong("must be a name of at most 40 of a-z, 0-9 and _, beginning with a letter")
        return ""

    def text(self) -> str:
        """The value as text."""
        if isinstance(self.value, str) and self.value.strip():
            return self.value
        self.wrong("must be text; write a word or a sentence")
        return ""

    def flag(self) -> bool:
        """The value as yes or no; absent is no."""
        if self.value not in (None, True, False):
            self.wrong("must be true or false")
        return self.value is True

    def whole(self, least: int, most: int) -> int:
        """The value as a whole number within limits."""
        if isinstance(self.value, int) and not isinstance(self.value, bool) and least <= self.value <= most:
            return self.value
        self.wrong(f"must be a whole number from {least} to {most}")
        return least

    def level(self) -> int:
        """The value as one of the four levels."""
        return self.whole(LEVELS[0], LEVELS[-1])

    def one_of(self, known: Collection[str], what: str) -> str:
        """The value as one of these words."""
        if isinstance(self.value, str) and self.value in known:
            return self.value
        self.wrong(f"{self.value!r} is no {what}; use {listed(known)}")
        return ""

    def some_of(self, known: Collection[str], what: str) -> frozenset[str]:
        """The value as at least one of these words."""
        found = self.items()
        if not found:
            self.wrong(f"names no {what}; use some of {listed(known)}")
        return frozenset(each.one_of(known, what) for each in found)

    def span(self) -> Span:
        """The value as a span of time."""
        found = parse_span(self.value)
        if found is None:
            self.wrong(f"must be {WRITTEN}")
        return found or NOTHING

    def words(self) -> Words:
        """The value as a text in both languages."""
        self.mapping(("zh", "en"))
        return Words(self.at("zh").text(), self.at("en").text())

    def condition(self, known: Collection[str]) -> Condition:
        """The value as requirements on attributes; absent it always holds."""
        if self.value is None:
            return ALWAYS
        asked = self.mapping(known)
        if isinstance(self.value, Mapping) and not asked:
            self.wrong("asks for nothing; name an attribute, or leave the condition out")
        return Condition(tuple((name, self.at(name)._values(name)) for name in asked if name in known))

    def _values(self, name: str) -> frozenset[Any]:
        values = [each.value for each in self.items()]
        if not values or not all(isinstance(value, str | bool) for value in values):
            self.wrong("must be a value or a list of values; quote words that YAML takes for something else")
            return frozenset()
        for value in values if name == "region" else ():
            try:
                parse_region(value)
            except Invalid as error:
                self.wrong(error.message.removeprefix("region: "))
        return frozenset(values)


def listed(words: Iterable[str]) -> str:
    """Words in a row, in the order of the alphabet."""
    return ", ".join(sorted(words))
