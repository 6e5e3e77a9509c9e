"""Reading an operator's plain data with care: each problem is noted with its place and remedy, all are told at once."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from shared.kernel.errors import Misconfigured
from shared.kernel.words import Words

T = TypeVar("T")
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@dataclass
class Problems:
    """What is wrong with a file, each as `place: why; remedy`."""

    found: list[str] = field(default_factory=list)

    def add(self, place: str, why: str) -> None:
        """Note one; the file as a whole has no place."""
        self.found.append(f"{place}: {why}" if place else why)

    def refuse(self, file: str) -> None:
        """Raise Misconfigured with every problem, each once, when there is any."""
        if self.found:
            raise Misconfigured([f"{file}: {problem}" for problem in dict.fromkeys(self.found)])


@dataclass(frozen=True)
class Part:
    """One value of the file, its place in words, and where problems are noted.

    A reader of a value notes what is wrong and gives something harmless instead, so that reading goes on.
    """

    value: Any
    place: str
    problems: Problems

    def wrong(self, why: str) -> None:
        """Note that this value will not do."""
        self.problems.add(self.place, why)

    def mapping(self, known: Collection[str] | None = None) -> Mapping[str, Any]:
        """The value as a mapping, of known names where they are given; empty when it is none."""
        if not isinstance(self.value, Mapping):
            self.wrong(f"must be a mapping with {listed(known)}" if known else "must be a mapping of names")
            return {}
        for name in self.value:
            if not isinstance(name, str):
                self.wrong(f"{name!r} is no name; quote words that YAML takes for something else")
            elif known is not None and name not in known:
                self.wrong(f"{name!r} is not known here; use {listed(known)}")
        return self.value

    def entries(self, known: Collection[str] | None = None) -> dict[str, "Part"]:
        """The parts of a mapping by name, without those that are not known."""
        found = self.mapping(known)
        names = [name for name in found if isinstance(name, str) and (known is None or name in known)]
        return {name: self.at(name) for name in names}

    def has(self, name: str) -> bool:
        """Whether something is written under this name."""
        return isinstance(self.value, Mapping) and self.value.get(name) is not None

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

    def words(self) -> Words:
        """The value as a text in both languages."""
        self.mapping(("zh", "en"))
        return Words(self.at("zh").text(), self.at("en").text())

    def name(self) -> str:
        """The value as a short name."""
        if isinstance(self.value, str) and _NAME.fullmatch(self.value):
            return self.value
        self.wrong(f"{self.value!r} is no name; write at most 40 of a-z, 0-9, _ and -, beginning with a letter")
        return ""

    def flag(self, default: bool = False) -> bool:
        """The value as yes or no; absent is the default."""
        if isinstance(self.value, bool):
            return self.value
        if self.value is not None:
            self.wrong("must be true or false")
        return default

    def whole(self, least: int, most: int) -> int:
        """The value as a whole number within limits."""
        if isinstance(self.value, int) and not isinstance(self.value, bool) and least <= self.value <= most:
            return self.value
        self.wrong(f"must be a whole number from {least} to {most}")
        return least

    def number(self, least: float, most: float, default: float) -> float:
        """The value as a number within limits; absent is the default."""
        value = default if self.value is None else self.value
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            self.wrong(f"must be a number from {least:g} to {most:g}")
            return default
        return value

    def one_of(self, known: Collection[str], what: str = "") -> str:
        """The value as one of these words; `what` they are is said when it is none of them."""
        if isinstance(self.value, str) and self.value in known:
            return self.value
        self.wrong(f"{self.value!r} is {f'no {what}; use' if what else 'not known; use one of'} {listed(known)}")
        return ""

    def some_of(self, known: Collection[str], what: str = "") -> tuple[str, ...]:
        """The value as at least one of these words, each once, as they are written."""
        found = [each.one_of(known, what) for each in self.items()]
        if not found:
            self.wrong(f"names {f'no {what}' if what else 'nothing'}; use some of {listed(known)}")
        return tuple(dict.fromkeys(found))

    def parsed(self, parse: Callable[[Any], T], instead: T) -> T:
        """What a parser makes of the value; its ValueError, which Invalid is, is noted."""
        try:
            return parse(self.value)
        except ValueError as error:
            self.wrong(str(error))
            return instead


def listed(words: Iterable[str]) -> str:
    """Words in a row, in the order of the alphabet."""
    return ", ".join(sorted(words))
