"""Who takes a step: known people, systems, and what becomes of names that nobody knows (contracts 3)."""

from collections.abc import Mapping
from typing import Any, Final

from services.intake.domain.dating import Actor
from shared.base.people import SUPERVISOR, People
from shared.base.vouching import admit, warn_of_stranger

UNKNOWN: Final = "unknown"


def actor_of(people: People, by: str) -> Actor:
    """Who this is; raises Forbidden for somebody unknown once the operator has named his own people."""
    admit(people, by)
    return Actor(by, people.has_role(by, SUPERVISOR), people.names_of(by))


def marks_of(people: People, **named: str | None) -> dict[str, Any]:
    """A mark for the history where one of these is unknown; unknown ones are taken, and warned about."""
    unknown = {what: who for what, who in named.items() if who is not None and not people.knows(who)}
    for what, who in unknown.items():
        warn_of_stranger(what, who)
    return {UNKNOWN: sorted(unknown)} if unknown else {}


def marks_with(some: Mapping[str, Any], others: Mapping[str, Any]) -> dict[str, Any]:
    """Two sets of marks as one; who is unknown is told together."""
    unknown = sorted({*some.get(UNKNOWN, ()), *others.get(UNKNOWN, ())})
    return {**some, **others} | ({UNKNOWN: unknown} if unknown else {})
