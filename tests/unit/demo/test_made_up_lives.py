"""Whatever is done to the made-up cases, intake takes it: serious ones close with all that closing asks for."""

from collections import Counter
from datetime import datetime
from typing import Any

from services.intake.domain.case import Case
from services.intake.domain.dating import Actor
from services.intake.domain.registration import register
from services.intake.domain.take import Asked, take
from services.intake.schemas import RegisterCase, TakeStep, to_asked, to_registration
from services.intake.storage.policy_files import load_handbook
from shared.base.schema import load
from shared.cli.demo.acts import Act, Ref
from shared.cli.demo.assignment import is_assigned
from shared.cli.demo.cases import made_cases
from shared.cli.demo.people import Crowd
from shared.cli.demo.story import read_story
from shared.cli.demo.words import ZONE

BEGIN = datetime(2026, 10, 12, 8, 30, tzinfo=ZONE)
NUMBER = "987654321096"
BOOK = load_handbook()


def test_every_made_up_case_lives_to_its_end() -> None:
    ends: Counter[tuple[bool, str]] = Counter()
    for made in made_cases(1, 300, Crowd(1, avoid=set()), BEGIN, 12):
        case = lived(made.acts)
        ends[case.severity == "minor", case.state] += 1
    assert min(ends[True, "closed"], ends[False, "closed"], ends[False, "revisited"]) > 0


def test_the_told_accident_is_handled_to_its_end() -> None:
    night = next(scene for scene in read_story(Crowd(1)).scenes if scene.label == "night")
    case = lived(tuple(act for act in night.acts if act.method.startswith("intake.")))
    assert (case.state, case.severity) == ("closed", "major")
    assert case.handling.compensation.all


def lived(acts: tuple[Act, ...]) -> Case:
    """The case after everything that is done to it."""
    opening, *steps = acts
    request = {name: value for name, value in opening.request.items() if name != "repeat_of"}
    case = register(NUMBER, to_registration(load(RegisterCase(), request)), opening.at).case
    if is_assigned(opening.request) and steps:
        assigned = Asked(step="hand_over", actor=Actor("system:assignment"), fields={"owner": "desk"})
        case = take(case, assigned, opening.at, BOOK).case
    keys: dict[str, str | None] = {}
    for act in steps:
        asked = load(TakeStep(), {name: filled(value, keys) for name, value in act.request.items()})
        outcome = take(case, to_asked(asked, Actor(asked["by"]), {}), act.at, BOOK)
        keys |= {entry.fact.name: entry.fact.key for entry in outcome.entries}
        case = outcome.case
    return case


def filled(value: Any, keys: dict[str, str | None]) -> Any:
    """The value with what the run would know in its gaps."""
    if not isinstance(value, Ref):
        return value
    return NUMBER if value.what == "case" else keys[value.what]
