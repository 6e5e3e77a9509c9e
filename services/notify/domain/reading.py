"""Reading a policy file with care: every problem is noted with its place and remedy, then all are told at once."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from services.notify.domain.durations import parse_span

T = TypeVar("T")


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

    def mapping(self, known: Collection[str] | None = None) -> dict[str, "Part"]:
        """The parts of a mapping by name; names that are not known are noted. Empty when it is none."""
        if not isinstance(self.value, Mapping):
            self.wrong("must be a mapping" + (f" with {_listed(known)}" if known else ""))
            return {}
        for name in self.value:
            if known is not None and name not in known:
                self.wrong(f"{name!r} is not known here; use {_listed(known)}")
        return {str(name): self.at(name) for name in self.value if known is None or name in known}

    def at(self, name: Any, default: Any = None) -> "Part":
        """A value inside."""
        value = self.value.get(name, default) if isinstance(self.value, Mapping) else default
        return Part(value, f"{self.place}.{name}" if self.place else str(name), self.problems)

    def items(self) -> list["Part"]:
        """The value as a list of parts; a single value is a list of one, nothing is none."""
        if self.value is None:
            return []
        values = self.value if isinstance(self.value, list) else [self.value]
        return [Part(value, f"{self.place}[{index}]", self.problems) for index, value in enumerate(values)]

    def word(self, known: Collection[str]) -> str:
        """One of some words."""
        if not isinstance(self.value, str) or self.value not in known:
            self.wrong(f"{self.value!r} is not known; use one of {_listed(known)}")
            return ""
        return self.value

    def words(self, known: Collection[str]) -> tuple[str, ...]:
        """A list of words, at least one, each once."""
        found = tuple(part.word(known) for part in self.items())
        if not found or len(set(found)) != len(found):
            self.wrong(f"must be one or more of {_listed(known)}, each once")
        return found

    def flag(self, default: bool) -> bool:
        """True or false."""
        if self.value not in (None, True, False):
            self.wrong("must be true or false")
        return default if self.value is None else self.value is True

    def number(self, least: float, most: float, default: float) -> float:
        """A number within limits."""
        value = default if self.value is None else self.value
        if not isinstance(value, int | float) or isinstance(value, bool) or not least <= value <= most:
            self.wrong(f"must be a number from {least:g} to {most:g}")
            return default
        return value

    def parsed(self, parse: Callable[[Any], T], instead: T) -> T:
        """What a parser makes of the value; its ValueError is noted."""
        try:
            return parse(self.value)
        except ValueError as error:
            self.wrong(str(error))
            return instead

    def span(self) -> timedelta:
        """A span of time."""
        return self.parsed(parse_span, timedelta(seconds=1))


def _listed(words: Collection[str] | None) -> str:
    return ", ".join(sorted(words or ()))
