"""The told story, read from story.yaml: scenes with their acts, and what people answer when the suite calls on them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from shared.cli.demo.acts import Act, Ref
from shared.cli.demo.journal import Heard
from shared.cli.demo.people import Crowd, Person
from shared.cli.demo.words import ZONE, Words, read_words

Data = Mapping[str, Any]

CUSTOMER: Final = "$customer"
WHAT: Final = {"$code": "code", "$person": "person"}
ESCALATION: Final = "$escalation"


@dataclass(frozen=True, slots=True)
class Reaction:
    """What somebody does some minutes after an event about their scene."""

    label: str
    hears: str
    conditions: Mapping[str, Any]
    after: timedelta
    method: str
    request: Data

    def answer(self, heard: Heard) -> Act | None:
        """The act that answers this event, if it is the one waited for."""
        if heard.type != self.hears or any(_at(heard.data, path) != wanted for path, wanted in self.conditions.items()):
            return None
        request = {name: _told(value, heard) for name, value in self.request.items()}
        return Act(at=heard.envelope.time + self.after, label=self.label, method=self.method, request=request)


@dataclass(frozen=True, slots=True)
class Scene:
    """One thread of the story; one without a title goes with the scene before it."""

    label: str
    title: Words | None
    about: Words | None
    person: Person
    acts: tuple[Act, ...]
    reactions: tuple[Reaction, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """All scenes, and the time in which they play."""

    begin: datetime
    cases_from: datetime
    until: datetime
    case_days: int
    teams: tuple[Data, ...]
    scenes: tuple[Scene, ...]

    @property
    def opening(self) -> list[Act]:
        """Before anything happens, the regions' teams ask to be warned."""
        return [Act(at=self.begin, label=each["team"], method="notify.subscribe", request=each) for each in self.teams]

    @property
    def labels(self) -> frozenset[str]:
        """What the scenes are called."""
        return frozenset(scene.label for scene in self.scenes)


def read_story(crowd: Crowd) -> Story:
    """The story, its customers made up."""
    raw = read_words("story.yaml")
    return Story(
        begin=_instant(raw["begin"]),
        cases_from=_instant(raw["cases_from"]),
        until=_instant(raw["until"]),
        case_days=raw["case_days"],
        teams=tuple(raw["teams"]),
        scenes=tuple(_scenes(raw["scenes"], crowd)),
    )


def _scenes(raw: Iterable[Data], crowd: Crowd) -> Iterator[Scene]:
    people: dict[str, Person] = {}
    for each in raw:
        label = each["label"]
        known = people.get(each.get("same_customer_as", ""))
        people[label] = known or crowd.person(each["city"])
        yield Scene(
            label,
            _words(each.get("title")),
            _words(each.get("about")),
            people[label],
            tuple(_act(act, label, people[label]) for act in each["acts"]),
            tuple(_reaction(reaction, label) for reaction in each.get("reactions", ())),
        )


def _act(raw: Data, label: str, person: Person) -> Act:
    """An act; a method without its service is a step of the scene's case."""
    method, at, given = raw["do"], _instant(raw["at"]), _with_gaps(raw.get("with", {}), person)
    if "." in method:
        if method == "intake.register_case":
            given = {"source": "demo", "external_ref": label, **given}
        return Act(at=at, label=label, method=method, request=given)
    request = {"case_no": Ref("case", raw.get("case", label)), "step": method, "by": raw["by"], **given}
    return Act(at=at, label=label, method="intake.take_step", request=request)


def _reaction(raw: Data, label: str) -> Reaction:
    after = timedelta(minutes=raw["after"])
    return Reaction(label, raw["hears"], raw["if"], after, raw["do"], _with_gaps(raw["with"], None))


def _with_gaps(value: Any, person: Person | None) -> Any:
    if isinstance(value, Mapping):
        return {name: _with_gaps(each, person) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_gaps(each, person) for each in value]
    if value == CUSTOMER and person is not None:
        return person.contact()
    if isinstance(value, str) and value.startswith("$") and ":" in value:
        what, _, label = value[1:].partition(":")
        return Ref(what, label)
    return value


def _told(value: Any, heard: Heard) -> Any:
    """A value of a reaction: what the event told the first one it called on."""
    if value == ESCALATION:
        return heard.data["escalation"]["escalation_id"]
    if isinstance(value, str) and value in WHAT:
        return heard.data["step"]["targets"][0][WHAT[value]]
    return value


def _at(data: Any, path: str) -> Any:
    for name in path.split("."):
        data = data.get(name) if isinstance(data, Mapping) else None
    return data


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def _words(raw: Data | None) -> Words | None:
    return Words(raw["en"], raw["zh"]) if raw else None
