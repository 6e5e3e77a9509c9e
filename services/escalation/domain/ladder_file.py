"""The ladders of a policy file: they only lead up, end, and name people who can exist."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Final

from services.escalation.domain.policy import OWNER, OWNER_MANAGER, PERSON, TEAM, Ladder, Repeat, Step, Who
from services.escalation.domain.reading import condition, level, wait
from shared.kernel.reading import Part
from shared.kernel.vocabulary import SEVERITIES

LADDER: Final = ("title", "source", "ours", "entry", "stalls_after", "urgent", "steps", "then")
STEP: Final = ("level", "to", "wait", "repeat", "urgent", "when", "source", "ours")
WHEN: Final = ("kind", "region", "category", "severity")
MOST_REPEATS: Final = 100


def read_ladders(part: Part, roles: Collection[str]) -> Mapping[str, Ladder]:
    """All ladders; one that goes on along another (`then`) has that one's higher steps as its own."""
    entries = part.entries()
    if not entries:
        part.wrong("there is none; write at least one")
    own = {name: [_step(each, roles, name) for each in ladder.at("steps").items()] for name, ladder in entries.items()}
    return {name: _ladder(name, entries, own) for name in entries}


def _ladder(name: str, entries: Mapping[str, Part], own: Mapping[str, list[Step]]) -> Ladder:
    part = entries[name]
    part.mapping(LADDER)
    Part(name, part.place, part.problems).name()
    part.at("source").text()
    steps = _numbered(name, _joined(name, entries, own), part.at("urgent").flag())
    _check_steps(part.at("steps"), steps)
    return Ladder(
        name=name,
        title=part.at("title").words(),
        entry=_entry(part.at("entry")),
        steps=tuple(steps),
        stalls_after=wait(part.at("stalls_after")),
    )


def _entry(part: Part) -> Mapping[str, int]:
    """A level for every severity; a single number is that of all of them."""
    if isinstance(part.value, int):
        return dict.fromkeys(SEVERITIES, level(part))
    part.mapping(SEVERITIES)
    for severity in SEVERITIES:
        if not part.has(severity):
            part.wrong(f"does not say where {severity} begins; give a level for each severity")
    return {severity: level(part.at(severity)) if part.has(severity) else 1 for severity in SEVERITIES}


def _joined(name: str, entries: Mapping[str, Part], own: Mapping[str, list[Step]]) -> list[Step]:
    """The steps of a ladder and of those that it goes on along."""
    steps, seen, here = list(own[name]), [name], entries[name]
    while here.has("then"):
        other = here.at("then").one_of(entries, "ladder of this file")
        if not other:
            break
        if other in seen:
            here.at("then").wrong(f"leads back to {other}, so the ladder never ends; let the last one end")
            break
        top = steps[-1].level if steps else 0
        steps += [step for step in own[other] if step.level > top]
        seen.append(other)
        here = entries[other]
    return steps


def _numbered(name: str, steps: list[Step], urgent: bool) -> list[Step]:
    return [
        replace(step, number=number, urgent=step.urgent or urgent, rule=step.rule or f"{name}.steps[{number - 1}]")
        for number, step in enumerate(steps, start=1)
    ]


def _check_steps(part: Part, steps: list[Step]) -> None:
    if not steps:
        part.wrong("there is none; write at least one")
        steps.append(Step(number=1, level=1, to=()))
    for lower, higher in pairwise(steps):
        if higher.level < lower.level:
            part.wrong(
                f"level {higher.level} comes after level {lower.level}, which leads down again; a ladder goes up"
            )
        if lower.wait is None:
            part.wrong(f"step {lower.number} has no `wait`, so the steps after it are never reached; give one")
    if steps[-1].wait is not None:
        part.wrong("the last step waits, but nothing comes after it; give `repeat` instead of `wait`")
    if steps[-1].when.requirements:
        part.wrong("the last step is not for every case, so some would reach nobody; take its `when` away")


def _step(part: Part, roles: Collection[str], ladder: str) -> Step:
    part.mapping(STEP)
    asked = tuple(_who(each, roles) for each in part.at("to").items())
    if not asked:
        part.at("to").wrong("reaches nobody; name a role, owner, owner_manager, team or {person: id}")
    return Step(
        number=0,
        level=level(part.at("level")),
        to=asked,
        wait=wait(part.at("wait")) if part.has("wait") else None,
        repeat=_repeat(part.at("repeat")) if part.has("repeat") else None,
        urgent=part.at("urgent").flag(),
        when=condition(part.at("when"), WHEN),
        rule=f"{ladder}.{part.place.rpartition('.')[2]}",
    )


def _repeat(part: Part) -> Repeat:
    part.mapping(("every", "times"))
    return Repeat(wait(part.at("every")), part.at("times").whole(1, MOST_REPEATS))


def _who(part: Part, roles: Collection[str]) -> Who:
    if isinstance(part.value, Mapping):
        part.mapping((PERSON,))
        return Who(PERSON, part.at(PERSON).text())
    return Who(part.one_of({*roles, OWNER, OWNER_MANAGER, TEAM}, "role, nor owner, owner_manager or team"))
