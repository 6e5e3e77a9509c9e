"""What departments find together, and what was made of it: the second classification of a case (IN-4)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from services.intake.domain.facts import Entry
from shared.kernel.instants import format_instant, parse_instant

WAITED_FOR: Final = "asked"
GIVEN: Final = "given"
EXCUSED: Final = "excused"
_INSTANTS: Final = ("at", "due_at", "settled_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A department that was asked for its finding; the finding's words stay in the history."""

    at: datetime
    due_at: datetime | None = None
    state: str = WAITED_FOR
    settled_at: datetime | None = None
    ours: bool | None = None
    cause: str | None = None

    def kept(self) -> dict[str, Any]:
        """As plain data."""
        plain = {name: value for name, value in asdict(self).items() if value is not None}
        return {name: format_instant(value) if name in _INSTANTS else value for name, value in plain.items()}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Asked":
        """What `kept` gave."""
        told: dict[str, Any] = {**kept, **{name: parse_instant(kept[name]) for name in _INSTANTS if name in kept}}
        return cls(**told)


@dataclass(frozen=True, slots=True)
class Judged:
    """To whom the cause was found to belong, and whether it is ours."""

    departments: tuple[str, ...]
    ours: bool


@dataclass(frozen=True, slots=True)
class Analysis:
    """The departments asked, and what was determined."""

    asked: Mapping[str, Asked] = field(default_factory=dict)
    judged: Judged | None = None

    def watches(self, fact: str) -> bool:
        """Whether this fact changes the analysis."""
        return fact in _CHANGES

    def after(self, entry: Entry) -> "Analysis":
        """The analysis once this entry has happened."""
        return _CHANGES[entry.fact.name](self, entry)

    @property
    def ours(self) -> bool | None:
        """Whether the case was judged ours; None while it is not judged."""
        return self.judged.ours if self.judged else None

    def missing(self) -> list[str]:
        """The departments that still owe their finding, as they were asked."""
        return [department for department, each in self.asked.items() if each.state == WAITED_FOR]

    def kept(self) -> dict[str, Any] | None:
        """As plain data; None while there is nothing."""
        plain: dict[str, Any] = {}
        if self.asked:
            plain["asked"] = {department: each.kept() for department, each in self.asked.items()}
        if self.judged:
            plain["judged"] = {"departments": list(self.judged.departments), "ours": self.judged.ours}
        return plain or None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Analysis":
        """What `kept` gave."""
        asked = {department: Asked.of(each) for department, each in kept.get("asked", {}).items()}
        judged = kept.get("judged")
        return cls(asked, Judged(tuple(judged["departments"]), judged["ours"]) if judged else None)


def _requested(before: Analysis, entry: Entry) -> Analysis:
    """Who is asked again owes it anew."""
    anew = Asked(at=entry.fact.at, due_at=entry.fact.due_at)
    return replace(before, asked={**before.asked, **dict.fromkeys(entry.detail["departments"], anew)})


def _settled(state: str) -> Callable[[Analysis, Entry], Analysis]:
    def settle(before: Analysis, entry: Entry) -> Analysis:
        department, at = entry.fact.key or "", entry.fact.at
        asked = before.asked.get(department, Asked(at=at))
        ours, cause = entry.detail.get("ours"), entry.detail.get("cause")
        settled = replace(asked, state=state, settled_at=at, ours=ours, cause=cause)
        return replace(before, asked={**before.asked, department: settled})

    return settle


def _determined(before: Analysis, entry: Entry) -> Analysis:
    return replace(before, judged=Judged(tuple(entry.detail["departments"]), entry.detail["ours"]))


_CHANGES: Final[Mapping[str, Callable[[Analysis, Entry], Analysis]]] = {
    "analysis_requested": _requested,
    "finding_given": _settled(GIVEN),
    "department_excused": _settled(EXCUSED),
    "cause_determined": _determined,
}
