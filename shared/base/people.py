"""Who works here: people, their roles, regions and contacts, from one file (contracts 3).

An example organisation is used until the operator names a file of their own in AFTERCARE_PEOPLE.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length

from shared.base.fields import NAME, Choice, Email, Flag, Phone, Region, Text
from shared.base.schema import load
from shared.base.yaml_file import read_yaml
from shared.kernel.errors import Invalid, Misconfigured
from shared.kernel.regions import is_within

ROLES: Final = (
    "clerk",
    "complaints_desk",
    "regional_desk",
    "owner",
    "technician",
    "supervisor",
    "vice_president",
    "head",
    "ops",
)
SUPERVISOR: Final = "supervisor"
HEAD: Final = "head"
ZH: Final = "zh-CN"
LANGUAGES: Final = (ZH, "en")
SYSTEM: Final = "system:"
EXAMPLE: Final = Path(__file__).with_name("people.yaml")


class PersonSchema(Schema):
    """One person of the file."""

    id = Text(NAME, required=True)
    name = Text(NAME, required=True)
    roles = fields.List(Choice(ROLES), required=True, validate=Length(1))
    regions = fields.List(Region())
    manager = Text(NAME)
    department = Text(NAME)
    phone = Phone()
    email = Email()
    language = Choice(LANGUAGES)

    @validates_schema
    def can_be_reached(self, data: dict[str, Any], **_more: Any) -> None:
        """Refuse somebody whom no message would ever reach (NO-1)."""
        if not data.get("phone") and not data.get("email"):
            raise ValidationError("there is no way to reach this person; give a phone or an email", "phone")


class PeopleSchema(Schema):
    """The file."""

    example = Flag()
    people = fields.List(fields.Nested(PersonSchema), required=True, validate=Length(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person; without regions they stand for all of them."""

    id: str
    name: str
    roles: tuple[str, ...]
    regions: tuple[str, ...] = ()
    manager: str | None = None
    phone: str | None = None
    email: str | None = None
    language: str = ZH
    department: str | None = None

    def serves(self, region: str) -> bool:
        """Whether the person stands for this region."""
        return not self.regions or any(is_within(region, own) for own in self.regions)


class People:
    """Everybody who is known, found by id or by name."""

    def __init__(self, people: Iterable[Person], *, is_example: bool = False) -> None:
        self.everybody = tuple(people)
        self.is_example = is_example
        by_name = {person.name: person for person in self.everybody}
        self._found = by_name | {person.id: person for person in self.everybody}

    def find(self, who: str) -> Person | None:
        """The person of this id or name."""
        return self._found.get(who)

    def names_of(self, who: str) -> tuple[str, ...]:
        """Every way of naming whoever is named so: as given, by id, by name."""
        person = self.find(who)
        return tuple(sorted({who, person.id, person.name})) if person else (who,)

    def of_department(self, names: Iterable[str], region: str | None = None) -> list[Person]:
        """Everybody of a department, however it is named, who stands for the region, in the order of the file."""
        wanted = {each.casefold() for each in names}
        found = [each for each in self.everybody if each.department and each.department.casefold() in wanted]
        return [each for each in found if region is None or each.serves(region)]

    def department_of(self, who: str) -> str | None:
        """The department of this person; None when nobody said so, and for somebody who is not known."""
        person = self.find(who)
        return person.department if person else None

    def knows(self, who: str) -> bool:
        """Whether this is a person of ours, or a system."""
        return who.startswith(SYSTEM) or who in self._found

    def has_role(self, who: str, role: str) -> bool:
        """Whether this person is known and has the role."""
        person = self.find(who)
        return person is not None and role in person.roles

    def with_role(self, role: str, region: str | None = None) -> list[Person]:
        """Everybody with the role who stands for the region, in the order of the file."""
        return [each for each in self.everybody if role in each.roles and (region is None or each.serves(region))]


def load_people(path: Path | None = None) -> People:
    """The people of a file, or the example organisation; raises Misconfigured with every problem at once."""
    source = path or EXAMPLE
    try:
        content = load(PeopleSchema(), read_yaml(source))
    except Invalid as error:
        problems = [f"{source}: {field}: {why}" for field, reasons in error.detail.items() for why in reasons]
        raise Misconfigured(problems) from None
    people = [Person(**{**each, "roles": tuple(each["roles"]), **_regions(each)}) for each in content["people"]]
    if problems := list(_contradictions(people)):
        raise Misconfigured([f"{source}: {problem}" for problem in problems])
    return People(people, is_example=content.get("example", False))


def _regions(person: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {"regions": tuple(person.get("regions", ()))}


def _contradictions(people: list[Person]) -> Iterable[str]:
    """What no single person shows: a name or id given twice, a manager who is nobody."""
    seen: set[str] = set()
    for person in people:
        for name in {person.id, person.name}:
            if name in seen:
                yield f"{name} is there twice; give everybody an id and a name of their own"
            seen.add(name)
    ids = {person.id for person in people}
    yield from (f"{each.id}: no person has the manager's id {each.manager}" for each in people if _unled(each, ids))
    managers = {person.id: person.manager for person in people}
    yield from (
        f"{each}: answers to themselves; end the chain of managers"
        for each in sorted(ids)
        if _in_circle(each, managers)
    )


def _unled(person: Person, ids: set[str]) -> bool:
    return person.manager is not None and person.manager not in ids


def _in_circle(person: str, managers: Mapping[str, str | None]) -> bool:
    above, seen = managers.get(person), set[str]()
    while above is not None and above not in seen and above != person:
        seen.add(above)
        above = managers.get(above)
    return above == person
