"""Who acts: known people, systems, and what becomes of names that nobody knows (contracts 3)."""

from functools import lru_cache
from typing import Final

from shared.base.logs import logger
from shared.base.people import People
from shared.kernel.errors import Forbidden

REMEMBERED: Final = 1000
"""Unknown names of which it is remembered that they were warned about."""

log = logger(__name__)


def vouch(people: People, by: str) -> str:
    """The id of who acts, or the name itself where nobody knows it; raises Forbidden as `admit` does."""
    admit(people, by)
    if not people.knows(by):
        warn_of_stranger("by", by)
    person = people.find(by)
    return person.id if person else by


def admit(people: People, by: str) -> None:
    """Raise Forbidden for somebody unknown once the operator has named his own people."""
    if not people.is_example and not people.knows(by):
        raise Forbidden(f"{by} is nobody of ours; name a person of the people file, or system:…", {"by": by})


@lru_cache(REMEMBERED)
def warn_of_stranger(field: str, _who: str) -> None:
    """Once for each name, and without it, for it is personal: a line for every step of an import would be a flood."""
    log.warning("a person is not in the people file", field=field)
