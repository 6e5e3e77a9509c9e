"""Who is named: the people of a team, and whoever is to be told (contracts 3)."""

from collections.abc import Iterable

from shared.base.people import People
from shared.base.vouching import warn_of_stranger
from shared.kernel.errors import Invalid


def members(people: People, field: str, named: Iterable[str]) -> tuple[str, ...]:
    """The ids of people who are named, each once; an unknown one is refused in an operator's own organisation."""
    found = []
    for who in named:
        person = people.find(who)
        if person is None and not people.is_example:
            raise Invalid.field(field, f"{who} is nobody of ours; name a person of the people file")
        if person is None:
            warn_of_stranger(field, who)
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
