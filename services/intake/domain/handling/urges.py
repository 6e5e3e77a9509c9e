"""Who was reminded of what they owe, and how often (催办, IN-21); and which departments were fed back to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from services.intake.domain.facts import Entry
from shared.kernel.instants import format_instant, parse_instant

URGED: Final = "urged"
FED_BACK: Final = "fed_back"


@dataclass(frozen=True, slots=True)
class Urge:
    """How often a task was urged since it began, when and by whom the last time."""

    since: datetime
    times: int
    at: datetime
    by: str

    def kept(self) -> dict[str, Any]:
        """As plain data."""
        return {"since": format_instant(self.since), "times": self.times, "at": format_instant(self.at), "by": self.by}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Urge":
        """What `kept` gave."""
        return cls(parse_instant(kept["since"]), kept["times"], parse_instant(kept["at"]), kept["by"])


@dataclass(frozen=True, slots=True)
class Urges:
    """The last of each task."""

    all: Mapping[str, Urge] = field(default_factory=dict)

    def watches(self, fact: str) -> bool:
        """Whether this fact is an urge."""
        return fact == URGED

    def after(self, entry: Entry) -> "Urges":
        """The urges once this entry has happened; of a task that began again they are counted anew."""
        fact, key = entry.fact, entry.fact.key or ""
        since, last = parse_instant(fact.set["since"]), self.all.get(key)
        times = last.times if last and last.since == since else 0
        return Urges({**self.all, key: Urge(since, times + 1, fact.at, fact.by)})

    def kept(self) -> dict[str, Any] | None:
        """As plain data; None while there is none."""
        return {key: each.kept() for key, each in self.all.items()} or None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Urges":
        """What `kept` gave."""
        return cls({key: Urge.of(each) for key, each in kept.items()})


@dataclass(frozen=True, slots=True)
class Feedback:
    """The departments that the case was fed back to, and when."""

    all: Mapping[str, datetime] = field(default_factory=dict)

    def watches(self, fact: str) -> bool:
        """Whether this fact feeds something back."""
        return fact == FED_BACK

    def after(self, entry: Entry) -> "Feedback":
        """The feedback once this entry has happened."""
        return Feedback({**self.all, entry.fact.key or "": entry.fact.at})

    def kept(self) -> dict[str, Any] | None:
        """As plain data; None while there is none."""
        return {department: format_instant(at) for department, at in self.all.items()} or None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Feedback":
        """What `kept` gave."""
        return cls({department: parse_instant(at) for department, at in kept.items()})
