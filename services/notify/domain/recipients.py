"""Who is meant by a word of the policy, and how they are reached."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from services.notify.domain.happening import Contacts, Happening
from services.notify.domain.policy import Who
from services.notify.domain.vocabulary import AMQP, CUSTOMER, EMAIL, OPS, SMS, STAFF, TEAM
from shared.kernel.alert_topics import matches
from shared.kernel.vocabulary import SEVERITIES


class Person(Protocol):
    """What notify needs of a person of people.yaml."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def manager(self) -> str | None: ...
    @property
    def phone(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...


class People(Protocol):
    """Who works here (shared.base.people)."""

    def find(self, who: str) -> Person | None:
        """The person of this id or name."""
        ...

    def with_role(self, role: str, region: str | None = None) -> Iterable[Person]:
        """Everybody with the role who stands for the region."""
        ...

    def of_department(self, names: Iterable[str], region: str | None = None) -> Iterable[Person]:
        """Everybody of a department who stands for the region."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A team that wants to hear of alerts (NO-4)."""

    subscription_id: str
    team: str
    pattern: str
    channel: str
    address: str = field(repr=False)
    min_severity: str = "minor"

    def wants(self, alert_key: str, severity: str) -> bool:
        """Whether an alert is for this team."""
        rank = SEVERITIES.index
        known = severity in SEVERITIES
        return (not known or rank(severity) >= rank(self.min_severity)) and matches(self.pattern, alert_key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody who is to be told; `id` is theirs within one happening."""

    id: str
    audience: str
    name: str = field(repr=False)
    contacts: Mapping[str, str] = field(repr=False)
    person: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Nobody:
    """Why a word reached nobody."""

    who: str
    reason: str


Found = Recipient | Nobody
DESK: Final = "complaints_desk"
REGIONAL: Final = "regional_desk"
_NAMED: Final = ("owner", "leader", "technician", "owed_by")


@dataclass(frozen=True, slots=True)
class Directory:
    """Everybody who can be told: people by the file, teams by their subscriptions."""

    people: People
    subscriptions: tuple[Subscription, ...] = ()

    def find(self, who: Who, about: Happening) -> Iterator[Found]:
        """The recipients that a word stands for, nobody complained about; Nobody with the reason where it has none."""
        for each in _WORDS[who.word](self, who, about):
            if isinstance(each, Recipient) and about.concerns(each.person):
                yield Nobody(who.word, f"{each.person} is complained about")
            else:
                yield each

    def named(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The variables with the names of people in the place of their ids; who is not of ours stays as they were."""
        found: dict[str, Any] = {name: self._name(variables[name]) for name in _NAMED if variables.get(name)}
        if members := variables.get("members"):
            found["members"] = "、".join(map(self._name, members))
        return {**variables, **found}

    def _name(self, who: str) -> str:
        person = self.people.find(who)
        return person.name if person else who

    def _people(self, people: Iterable[Person], who: str, code: str | None = None) -> Iterator[Found]:
        for each in people:
            yield _recipient(each, code) if each.phone or each.email else Nobody(who, f"{each.id} has no contact")

    def _role(self, role: str, region: str) -> Iterator[Found]:
        """Those of the role for the region; nobody there: all of the role."""
        found = list(self.people.with_role(role, region or None)) or list(self.people.with_role(role))
        if not found:
            yield Nobody(role, f"nobody has the role {role}")
        yield from self._people(found, role)

    def role(self, who: Who, about: Happening) -> Iterator[Found]:
        """Everybody with a role."""
        return self._role(who.role, about.region)

    def ops(self, _who: Who, _about: Happening) -> Iterator[Found]:
        """Operations."""
        for each in self._role(OPS, ""):
            yield _as_ops(each) if isinstance(each, Recipient) else each

    def owner(self, _who: Who, about: Happening) -> Iterator[Found]:
        """The owner; the region's desk for one who is not of our people or is complained about (contracts 3, IN-26)."""
        person = self.people.find(about.owner) if about.owner else None
        if person is not None and not about.concerns(person.id):
            return self._people([person], "owner")
        return self._role(REGIONAL, about.region)

    def debtors(self, who: Who, about: Happening) -> Iterator[Found]:
        """Who owes a task: a department's people and its head, or the person; the case's owner where that is nobody."""
        named = [person for each in about.debtors.persons if (person := self.people.find(each)) is not None]
        department, region = about.debtors.department, about.region or None
        theirs = list(self.people.of_department(department, region)) or list(self.people.of_department(department))
        found = {person.id: person for person in [*named, *theirs]}
        return self._people(found.values(), "debtors") if found else self.owner(who, about)

    def owner_manager(self, _who: Who, about: Happening) -> Iterator[Found]:
        """Whom the owner answers to; the complaints desk where that is nobody."""
        person = self.people.find(about.owner) if about.owner else None
        manager = self.people.find(person.manager) if person and person.manager else None
        return self._people([manager], "owner_manager") if manager else self._role(DESK, about.region)

    def targets(self, _who: Who, about: Happening) -> Iterator[Found]:
        """The people of a step, each with the code that acknowledges."""
        for target in about.targets:
            person = self.people.find(target.person)
            if person is None:
                yield Nobody("step_targets", f"{target.person} is not in the people file")
            else:
                yield from self._people([person], "step_targets", target.code)

    def members(self, _who: Who, about: Happening) -> Iterator[Found]:
        """The members of a team that was formed."""
        for member in about.members:
            person = self.people.find(member)
            yield from self._people([person], "team") if person else [Nobody("team", f"{member} is not known")]

    def technician(self, _who: Who, about: Happening) -> Iterator[Found]:
        """Who does the maintenance."""
        person = self.people.find(about.technician) if about.technician else None
        return self._people([person], "technician") if person else iter([Nobody("technician", "none is named")])

    def customer(self, _who: Who, about: Happening) -> Iterator[Found]:
        """The customer of a case."""
        yield _outsider(CUSTOMER, about.customer)

    def administrator(self, _who: Who, about: Happening) -> Iterator[Found]:
        """Who looks after the equipment at the customer's."""
        yield _outsider("administrator", about.administrator)

    def subscribed(self, about: Happening) -> list[Subscription]:
        """The subscriptions that take this alert."""
        return [each for each in self.subscriptions if each.wants(about.alert_key, about.severity)]

    def region_subscribers(self, _who: Who, about: Happening) -> Iterator[Found]:
        """The teams whose subscription takes this alert, each way of a team once; queues are fed by the broker."""
        wanted = self.subscribed(about)
        ways = {(each.team, each.channel, each.address): each for each in wanted if each.channel != AMQP}
        for each in ways.values():
            yield Recipient(
                id=f"team:{each.subscription_id}",
                audience=TEAM,
                name=each.team,
                contacts={each.channel: each.address},
            )
        if not wanted:
            yield Nobody("region_subscribers", "no subscription takes this alert")


def _recipient(person: Person, code: str | None) -> Recipient:
    return Recipient(
        id=person.id, audience=STAFF, name=person.name, contacts=_ways(person.phone, person.email), person=person.id,
        code=code,
    )  # fmt: skip


def _as_ops(person: Recipient) -> Recipient:
    return Recipient(id=person.id, audience=OPS, name=person.name, contacts=person.contacts, person=person.person)


def _outsider(who: str, contacts: Contacts | None) -> Found:
    if contacts is None:
        return Nobody(who, "none is named")
    if contacts.anonymous:
        return Nobody(who, "wants to stay anonymous")
    ways = _ways(contacts.phone, contacts.email)
    if not ways:
        return Nobody(who, "left neither number nor address")
    return Recipient(id=who, audience=CUSTOMER, name=contacts.name, contacts=ways)


def _ways(phone: str | None, email: str | None) -> dict[str, str]:
    return {channel: to for channel, to in ((SMS, phone), (EMAIL, email)) if to}


_WORDS: Final[Mapping[str, Callable[[Directory, Who, Happening], Iterator[Found]]]] = {
    "customer": Directory.customer,
    "owner": Directory.owner,
    "owner_manager": Directory.owner_manager,
    "debtors": Directory.debtors,
    "role": Directory.role,
    "step_targets": Directory.targets,
    "team": Directory.members,
    "administrator": Directory.administrator,
    "technician": Directory.technician,
    "region_subscribers": Directory.region_subscribers,
    "ops": Directory.ops,
}
WORDS: Final = tuple(_WORDS)
ALWAYS_KNOWN: Final = frozenset({"role", "ops"})
"""The words that stand for the same people whatever happened, but for its region."""


def audience_of(word: str) -> str:
    """Of whom a word speaks whose people only what happened can tell."""
    outside = {"customer": CUSTOMER, "administrator": CUSTOMER, "region_subscribers": TEAM}
    return outside.get(word, STAFF)
