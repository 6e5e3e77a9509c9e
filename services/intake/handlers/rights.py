"""Who may do and see what: the one place that asks, for RPC and HTTP alike (IN-26, contracts 3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from services.intake.domain.case import Case
from services.intake.domain.complained import needs_owner, refuse_complained_about
from services.intake.storage.sight import Sight
from shared.base.people import People
from shared.base.vouching import admit


@dataclass(frozen=True)
class Rights:
    """What the people of this house may do."""

    people: People

    def sight(self, by: str | None) -> Sight | None:
        """What `by` sees of a list; None, everything, where nobody says who asks."""
        if by is None:
            return None
        admit(self.people, by)
        return Sight(self.people.names_of(by))

    def refuse_reading(self, by: str | None, cases: Iterable[Case]) -> None:
        """Raise Forbidden at `by` for whoever may not read each of these cases whole."""
        if by is None:
            return
        admit(self.people, by)
        for case in cases:
            refuse_complained_about(case, by, self.people.names_of(by))

    def owing(self, case: Case) -> dict[str, Any]:
        """What the case needs because of who has it."""
        return needs_owner(case, self.people.names_of(case.owner)) if case.owner else {}
