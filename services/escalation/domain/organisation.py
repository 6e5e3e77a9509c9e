"""Who stands behind a step at the moment when it fires: roles are resolved then, never before (ES-1, ES-7)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from services.escalation.domain.about import About
from services.escalation.domain.policy import OWNER, OWNER_MANAGER, PERSON, TEAM, Step, Who

REGIONAL_DESK: Final = "regional_desk"


class Person(Protocol):
    """Somebody who works here."""

    @property
    def id(self) -> str:
        """By which everybody names them."""

    @property
    def name(self) -> str:
        """How they are called."""

    @property
    def manager(self) -> str | None:
        """The id of whom they answer to."""


class Staff(Protocol):
    """Everybody who works here."""

    def find(self, who: str, /) -> Person | None:
        """The person of this id or name."""

    def with_role(self, role: str, region: str | None = None, /) -> Sequence[Person]:
        """Everybody with the role who stands for the region; without a region, everybody with the role."""


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody whom a step reaches, and as what."""

    person: str
    role: str


def targets(staff: Staff, step: Step, about: About, team: Iterable[str] = ()) -> tuple[Target, ...]:
    """Whom the step reaches now, each person once, in the role named first; never who is complained about (IN-26)."""
    return _once(about, (found for who in step.to for found in _resolved(staff, who, about, team)))


def last_resort(staff: Staff, roles: Sequence[str], about: About) -> tuple[Target, ...]:
    """Whom to ask when nobody is left: the first of the roles that anybody has for the region, else anywhere."""
    for region in (about.region, None):
        for role in roles:
            if found := _once(about, (Target(person.id, role) for person in staff.with_role(role, region))):
                return found
    return ()


def _resolved(staff: Staff, who: Who, about: About, team: Iterable[str]) -> Iterator[Target]:
    if who.role == OWNER:
        yield from _owner(staff, about)
    elif who.role == OWNER_MANAGER:
        owner = staff.find(about.owner) if about.owner else None
        yield from _known(staff, [owner.manager] if owner and owner.manager else [], who.role)
    elif who.role == TEAM:
        yield from _known(staff, team, who.role)
    elif who.role == PERSON:
        yield from _known(staff, [who.person] if who.person else [], who.role)
    else:
        yield from (Target(person.id, who.role) for person in staff.with_role(who.role, about.region))


def _owner(staff: Staff, about: About) -> Iterator[Target]:
    """The owner; one who is nobody of ours is told through the region's desk (contracts 3)."""
    if about.owner is None:
        return
    if person := staff.find(about.owner):
        yield Target(person.id, OWNER)
    else:
        yield from (Target(desk.id, REGIONAL_DESK) for desk in staff.with_role(REGIONAL_DESK, about.region))


def _known(staff: Staff, ids: Iterable[str], role: str) -> Iterator[Target]:
    yield from (Target(person.id, role) for each in ids if (person := staff.find(each)))


def _once(about: About, found: Iterable[Target]) -> tuple[Target, ...]:
    by_person: dict[str, Target] = {}
    for each in found:
        by_person.setdefault(each.person, each)
    return tuple(each for each in by_person.values() if not about.concerns(each.person))
