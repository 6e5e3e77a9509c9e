"""Who acts: known people, systems, and what becomes of names that nobody knows (contracts 3)."""

from collections.abc import Iterable

from shared.base.logs import logger
from shared.base.people import People
from shared.kernel.errors import Forbidden, Invalid

log = logger(__name__)


def actor(people: People, by: str) -> str:
    """The id of who acts; raises Forbidden for somebody unknown once the operator has named his own people."""
    person = people.find(by)
    if person is not None:
        return person.id
    if not people.knows(by):
        if not people.is_example:
            raise Forbidden(f"{by} is nobody of ours; name a person of the people file, or system:…", {"by": by})
        log.warning("a person is not in the people file", fields=["by"])
    return by


def members(people: People, field: str, named: Iterable[str]) -> tuple[str, ...]:
    """The ids of people who are named, each once; an unknown one is refused in an operator's own organisation."""
    found = []
    for who in named:
        person = people.find(who)
        if person is None and not people.is_example:
            raise Invalid.field(field, f"{who} is nobody of ours; name a person of the people file")
        if person is None:
            log.warning("a person is not in the people file", fields=[field])
        found.append(person.id if person else who)
    return tuple(dict.fromkeys(found))


def reached(people: People, field: str, who: str) -> str:
    """The id of somebody who is to be told: they must be known, or nothing would reach them."""
    person = people.find(who)
    if person is None:
        raise Invalid.field(
            field, f"{who} is not in the people file, so nothing would reach them; name somebody who is"
        )
    return person.id
