"""The rules that count now: looked up for each batch, read once for each version."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from services.intake.domain.assignment.rules import Rules
from services.intake.domain.assignment.rules_file import Known, read_rules
from services.intake.storage import assignment
from shared.base.people import ROLES, People


class _Anything:
    """Holds every name: rules that were right when they were published stay so when somebody has left."""

    def __contains__(self, _name: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def known_to(people: People) -> Known:
    """The words that new rules may use."""
    everybody = people.everybody
    names = {each.id for each in everybody} | {each.name for each in everybody}
    return Known(names, {each.department for each in everybody if each.department}, ROLES)


class RuleBook:
    """The newest version, as the connection that asks sees it."""

    def __init__(self) -> None:
        self._read: tuple[int, Rules] = (0, Rules(name="none"))

    def rules(self, connection: sa.Connection) -> tuple[int, Rules] | None:
        """Its version and the rules; None while there are none."""
        version = assignment.newest_version(connection)
        if version != self._read[0]:
            self._read = version, rules_of(assignment.published(connection)[0].body) if version else Rules(name="none")
        return self._read if self._read[1].rules else None


def rules_of(body: Mapping[str, Any]) -> Rules:
    """The rules of a version that was published."""
    anything = _Anything()
    return read_rules(body, "rules", Known(anything, anything, ROLES))
