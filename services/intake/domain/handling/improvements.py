"""Improvement measures against recurrence: who has them, until when, and whether they had an effect (IN-14)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from services.intake.domain.facts import Entry
from shared.kernel.instants import format_instant, parse_instant

_INSTANTS: Final = ("at", "due_at", "checked_at", "renewed_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """One; its words stay in the history."""

    owner: str
    at: datetime
    due_at: datetime
    checked_at: datetime | None = None
    effective: bool | None = None
    renewed_at: datetime | None = None
    """When another measure was set after this one had had no effect."""

    def kept(self) -> dict[str, Any]:
        """As plain data."""
        plain = {name: value for name, value in asdict(self).items() if value is not None}
        return {name: format_instant(value) if name in _INSTANTS else value for name, value in plain.items()}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Improvement":
        """What `kept` gave."""
        told: dict[str, Any] = {**kept, **{name: parse_instant(kept[name]) for name in _INSTANTS if name in kept}}
        return cls(**told)


@dataclass(frozen=True, slots=True)
class Improvements:
    """All of a case, by their keys."""

    all: Mapping[str, Improvement] = field(default_factory=dict)

    def watches(self, fact: str) -> bool:
        """Whether this fact changes an improvement."""
        return fact in _CHANGES

    def after(self, entry: Entry) -> "Improvements":
        """The improvements once this entry has happened."""
        return Improvements(_CHANGES[entry.fact.name](self.all, entry))

    def kept(self) -> dict[str, Any] | None:
        """As plain data; None while there is none."""
        return {key: each.kept() for key, each in self.all.items()} or None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Improvements":
        """What `kept` gave."""
        return cls({key: Improvement.of(each) for key, each in kept.items()})


_All = Mapping[str, Improvement]


def _set(before: _All, entry: Entry) -> _All:
    """A new measure stands in for every one that had no effect."""
    fact = entry.fact
    renewed = {
        key: replace(each, renewed_at=fact.at) if each.effective is False and not each.renewed_at else each
        for key, each in before.items()
    }
    new = Improvement(owner=entry.detail["owner"], at=fact.at, due_at=fact.due_at or fact.at)
    return {**renewed, fact.key or "": new}


def _checked(before: _All, entry: Entry) -> _All:
    """What was recorded before improvements were kept has no row here, and is not owed either."""
    key = entry.fact.key or ""
    if key not in before:
        return before
    return {**before, key: replace(before[key], checked_at=entry.fact.at, effective=entry.detail["effective"])}


_CHANGES: Final[Mapping[str, Callable[[_All, Entry], _All]]] = {
    "improvement_set": _set,
    "effect_checked": _checked,
    "improvement_followed_up": _checked,
}
