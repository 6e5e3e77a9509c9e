"""How a case is handled: what the rules of handling ask of its past, kept with the case (IN-9, IN-22).

Each part watches the facts that concern it, and is kept as plain data; what is empty is not kept at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Self

from services.intake.domain.facts import Entry
from services.intake.domain.handling.analysis import Analysis
from services.intake.domain.handling.compensation import Compensations
from services.intake.domain.handling.form import Form
from services.intake.domain.handling.improvements import Improvements
from services.intake.domain.handling.urges import Feedback, Urges

Kept = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Handling:
    """The parts; each has `after` (an entry), `kept` (plain data, None while empty) and `of` (what was kept)."""

    form: Form = Form()
    compensation: Compensations = Compensations()
    analysis: Analysis = Analysis()
    improvements: Improvements = Improvements()
    feedback: Feedback = Feedback()
    urges: Urges = Urges()

    def after(self, entry: Entry) -> Self:
        """The handling once this entry has happened; itself where nothing of it changed."""
        changed = {name: part.after(entry) for name in PARTS if (part := getattr(self, name)).watches(entry.fact.name)}
        return replace(self, **changed) if changed else self

    def kept(self) -> Kept | None:
        """All of it as plain data; None while there is nothing."""
        parts = {name: part for name in PARTS if (part := getattr(self, name).kept()) is not None}
        return parts or None

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> "Handling":
        """The handling that `kept` gave."""
        if kept is None:
            return NOTHING
        return cls(**{name: PARTS[name].of(part) for name, part in kept.items()})


PARTS: Final[Mapping[str, Any]] = {each.name: type(each.default) for each in fields(Handling)}
NOTHING: Final = Handling()
"""The handling of a case that just came in."""
