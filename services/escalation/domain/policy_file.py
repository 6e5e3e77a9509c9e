"""From the data of a policy file to a policy: everything is checked, every mistake is told at once with its remedy."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.escalation.domain.ladder_file import read_ladders
from services.escalation.domain.policy import (
    ENDED,
    WHAT,
    WHAT_OF_FACTS,
    AlertRule,
    Occasion,
    On,
    PileRule,
    Policy,
    Trigger,
)
from services.escalation.domain.reading import condition, level, window
from services.escalation.domain.reasons import BEFORE
from shared.kernel.alert_topics import ALERT_KINDS
from shared.kernel.reading import Part, Problems
from shared.kernel.vocabulary import SEVERITIES
from shared.kernel.words import Words

FILE: Final = ("policy", "version", "clocks", "progress", "fallback", "ladders", "triggers", "alerts", "recurrence")
TRIGGER: Final = ("title", "source", "what", "ours", "mark", "for", "ladder", "level", "up", "until", *map(str, On))
ALERT: Final = ("source", "ours", "mark", "for", "severity", *map(str, On))
PILE: Final = ("source", "ours", "threshold", "window", "severity", "for")
ANY: Final = "any"
LONGEST_VERSION: Final = 15
MOST: Final = 100_000


@dataclass(frozen=True)
class Known:
    """The words that a policy may use but that others own: roles of people, facts of cases."""

    roles: Collection[str]
    facts: Collection[str]


def read_policy(data: Any, file: str, known: Known) -> Policy:
    """The policy in a file's data; raises Misconfigured that names file, field and remedy of each problem."""
    problems = Problems()
    top = Part(data, "", problems)
    top.mapping(FILE)
    clocks = {name: part.words() for name, part in top.at("clocks").entries().items()}
    ladders = read_ladders(top.at("ladders"), known.roles)
    rules = _Rules(known.facts, clocks, ladders)
    policy = Policy(
        name=top.at("policy").name(),
        version=str(top.at("version").value or "")[:LONGEST_VERSION],
        ladders=ladders,
        triggers=tuple(rules.trigger(name, part) for name, part in top.at("triggers").entries().items()),
        alerts=tuple(rules.alert(kind, part) for kind, part in top.at("alerts").entries().items()),
        piles=tuple(rules.pile(name, part) for name, part in top.at("recurrence").entries().items()),
        fallback=tuple(each.one_of(known.roles, "role") for each in top.at("fallback").items()),
        progress=frozenset(top.at("progress").some_of(known.facts, "fact of a case")),
        clocks=clocks,
    )
    _check_whole(policy, top)
    problems.refuse(file)
    return policy


def _check_whole(policy: Policy, top: Part) -> None:
    if not policy.version:
        top.at("version").wrong("is missing; write a number or a word")
    if not policy.fallback:
        top.at("fallback").wrong("is missing; name the roles that are asked when nobody else is left")
    if not policy.triggers:
        top.at("triggers").wrong("there is none, so nothing would ever escalate; write at least one")


class _Rules:
    """Reads what refers to the clocks and ladders of the same file."""

    def __init__(self, facts: Collection[str], clocks: Mapping[str, Words], ladders: Mapping[str, Any]) -> None:
        self.facts = facts
        self.clocks = clocks
        self.ladders = ladders

    def trigger(self, name: str, part: Part) -> Trigger:
        part.mapping(TRIGGER)
        Part(name, part.place, part.problems).name()
        part.at("source").text()
        if part.has("level") and part.has("up"):
            part.wrong("has a level and leads up; give one of the two")
        until, occasion = part.at("until"), self._occasion(part)
        return Trigger(
            name=name,
            title=part.at("title").words(),
            what=_what(part, occasion),
            occasion=occasion,
            ladder=part.at("ladder").one_of(self.ladders, "ladder of this file"),
            level=level(part.at("level")) if part.has("level") else None,
            up=part.at("up").whole(1, 3) if part.has("up") else 0,
            until=frozenset(until.some_of(self.facts, "fact of a case")) if part.has("until") else ENDED,
        )

    def alert(self, kind: str, part: Part) -> AlertRule:
        part.mapping(ALERT)
        Part(kind, part.place, part.problems).one_of(set(ALERT_KINDS) - {str(On.RECURRENCE)}, "kind of alert")
        return AlertRule(kind=kind, occasion=self._occasion(part), severity=_severity(part))

    def pile(self, name: str, part: Part) -> PileRule:
        part.mapping(PILE)
        Part(name, part.place, part.problems).name()
        return PileRule(
            name=name,
            threshold=part.at("threshold").whole(2, MOST),
            window=window(part.at("window")),
            severity=_severity(part) or part.at("severity").one_of(SEVERITIES, "severity"),
            selects=condition(part.at("for"), BEFORE),
        )

    def _occasion(self, part: Part) -> Occasion:
        selects = condition(part.at("for"), BEFORE)
        chosen = [on for on in On if part.has(on)]
        if len(chosen) != 1:
            part.wrong(f"never happens, or nobody knows when; give exactly one of {', '.join(On)}")
            return Occasion(on=On.ASKED)
        on, value = chosen[0], part.at(chosen[0])
        if on in (On.BREACHED, On.WARNED):
            every = value.value == ANY
            names = frozenset() if every else frozenset(value.some_of(self.clocks, "clock of this file, nor `any`"))
            return Occasion(on=on, names=names, mark=_mark(part, on), selects=selects)
        if on is On.FACTS:
            return Occasion(on=on, names=frozenset(value.some_of(self.facts, "fact of a case")), selects=selects)
        if value.value is not True:
            value.wrong("must be true; another occasion has another name")
        return Occasion(on=on, selects=selects)


def _what(part: Part, occasion: Occasion) -> str:
    if occasion.on is On.FACTS:
        return part.at("what").one_of(WHAT_OF_FACTS, "thing that a fact can mean")
    if part.has("what"):
        part.at("what").wrong("goes with facts only; leave it out")
    return WHAT[occasion.on]


def _mark(part: Part, on: On) -> float:
    mark = part.at("mark")
    if on is On.WARNED and isinstance(mark.value, float) and 0 < mark.value < 1:
        return mark.value
    if on is On.WARNED or mark.value is not None:
        mark.wrong("must be the fraction of the limit that is warned at, like 0.8, and goes with clock_warned only")
    return 0.0


def _severity(part: Part) -> str | None:
    return part.at("severity").one_of(SEVERITIES, "severity") if part.has("severity") else None
