"""Who takes a step: known people, systems, and what becomes of names that nobody knows (contracts 3)."""

from functools import lru_cache
from typing import Any, Final

from services.intake.domain.dating import Actor
from shared.base.logs import logger
from shared.base.people import SUPERVISOR, People
from shared.kernel.errors import Forbidden

REMEMBERED: Final = 1000
"""Unknown names of which it is remembered that they were warned about."""

log = logger(__name__)


def actor_of(people: People, by: str) -> Actor:
    """Who this is; raises Forbidden for somebody unknown once the operator has named his own people."""
    if not people.is_example and not people.knows(by):
        raise Forbidden(f"{by} is nobody of ours; name a person of the people file, or system:…", {"by": by})
    return Actor(by, people.has_role(by, SUPERVISOR))


def marks_of(people: People, **named: str | None) -> dict[str, Any]:
    """A mark for the history where one of these is unknown; unknown ones are taken, and warned about."""
    unknown = {what: who for what, who in named.items() if who is not None and not people.knows(who)}
    for what, who in unknown.items():
        _warn(what, who)
    return {"unknown": sorted(unknown)} if unknown else {}


@lru_cache(REMEMBERED)
def _warn(what: str, _who: str) -> None:
    """Once for each name: a line for every step of an import would be a flood."""
    log.warning("a person is not in the people file", field=what)
