"""One row of the table read from a policy file: when, who, how."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from services.notify.domain.policy import Category, Later, Promised, Rule, When, Who
from services.notify.domain.reading import span
from services.notify.domain.recipients import WORDS
from services.notify.domain.vocabulary import (
    AUDIENCES,
    CHANNELS,
    MAJOR,
    ORDER_CHANGES,
    PERSONAL_CHANNELS,
    UNHEARD,
    Trigger,
)
from shared.kernel.alert_topics import ALERT_KINDS
from shared.kernel.reading import Part
from shared.kernel.vocabulary import FACTS, KINDS, SEVERITIES

RULE: Final = "when who how template category urgent later promised".split()
_ANY: Final = frozenset({"any"})
_OF_CASE: Final[Mapping[str, Collection[str] | None]] = {"severity": SEVERITIES, "kind": KINDS, "category": None}
NAMES: Final[Mapping[Trigger, frozenset[str]]] = {
    Trigger.FACT: frozenset(FACTS),
    Trigger.BECAME: MAJOR,
    Trigger.CLOCK: frozenset({"warned", "breached"}),
    Trigger.STEP: frozenset({"reached"}),
    Trigger.TEAM_FORMED: frozenset({"formed"}),
    Trigger.ALERT: frozenset(ALERT_KINDS) | _ANY | {UNHEARD},
    Trigger.ORDER: ORDER_CHANGES,
    Trigger.SURVEY: frozenset({"asked"}),
    Trigger.MESSAGE: frozenset({"failed", "unknown", "expired"}),
}
"""What may happen, by trigger."""
CONDITIONS: Final[Mapping[Trigger, Mapping[str, Collection[str] | None]]] = {
    Trigger.FACT: {**_OF_CASE, "channel": None},
    Trigger.BECAME: {**_OF_CASE, "channel": None},
    Trigger.CLOCK: {**_OF_CASE, "of": None},
    Trigger.STEP: {"ladder": None, "urgent": ("yes", "no")},
    Trigger.TEAM_FORMED: _OF_CASE,
    Trigger.ALERT: {"severity": SEVERITIES},
    Trigger.ORDER: {"level": None},
    Trigger.SURVEY: {},
    Trigger.MESSAGE: {"audience": AUDIENCES, "channel": CHANNELS},
}
"""What else a rule may ask for, and the words it may use there; None: any."""


def read_rule(name: str, part: Part, categories: Mapping[str, Category], roles: Collection[str]) -> Rule | None:
    """The rule; None when too little of it can be understood, which is noted."""
    part.mapping(RULE)
    when = _when(part.at("when"))
    who = tuple(found for each in part.at("who").items() if (found := _who(each, roles)))
    if not who:
        part.at("who").wrong(f"names nobody; use one or more of {', '.join(WORDS)}")
    everywhere, channels = _how(part.at("how"))
    category = part.at("category").one_of(categories)
    template = part.at("template").value
    if not isinstance(template, str) or not template:
        part.at("template").wrong("must be the name of a template")
    later = _later(part.at("later")) if part.at("later").value is not None else None
    promised = _promised(part.at("promised")) if part.at("promised").value is not None else None
    if when is None or not category:
        return None
    for waiting, key in ((later, "later"), (promised, "promised")):
        if waiting is not None and when.trigger is not Trigger.FACT:
            part.at(key).wrong("goes with `when: {fact: …}` only; leave it out")
    return Rule(
        name=name,
        when=when,
        who=who,
        channels=channels,
        everywhere=everywhere,
        template=str(template),
        category=category,
        urgent=part.at("urgent").flag(False),
        later=later,
        promised=promised,
    )


def _when(part: Part) -> When | None:
    asked = part.mapping()
    triggers = [name for name in asked if name in frozenset(Trigger)]
    if len(triggers) != 1:
        part.wrong(f"names no trigger, or several; give exactly one of {', '.join(Trigger)}")
        return None
    trigger = Trigger(triggers[0])
    names = frozenset(part.at(trigger.value).some_of(NAMES[trigger]))
    conditions = CONDITIONS[trigger]
    bounds = {"from", "below"} if trigger is Trigger.CLOCK and "warned" in names else set()
    part.mapping({trigger.value, *conditions, *bounds})
    least, below = part.at("from").number(0, 1, 0), part.at("below").number(0, 2, 2)
    if least >= below:
        part.wrong("`from` must be less than `below`")
    return When(trigger, names, _conditions(part, conditions), least, below)


def _conditions(part: Part, known: Mapping[str, Collection[str] | None]) -> dict[str, frozenset[str]]:
    found = {}
    for name, words in known.items():
        each = part.at(name)
        if each.value is not None:
            values = each.some_of(words) if words else tuple(str(item.value) for item in each.items())
            found[name] = frozenset(values)
    return found


def _who(part: Part, roles: Collection[str]) -> Who | None:
    if isinstance(part.value, Mapping):
        part.mapping({"role"})
        role = part.at("role").one_of(roles)
        return Who("role", role) if role else None
    word = part.one_of([word for word in WORDS if word != "role"])
    return Who(word) if word else None


def _how(part: Part) -> tuple[bool, tuple[str, ...]]:
    """Whether on all channels or on the first possible one, and which."""
    if part.value == "subscription":
        return False, PERSONAL_CHANNELS
    asked = part.entries({"first", "all"})
    if len(asked) != 1:
        part.wrong("must be {first: [channels]}, {all: [channels]} or subscription")
        return False, ()
    (way,) = asked
    return way == "all", asked[way].some_of(PERSONAL_CHANNELS)


def _later(part: Part) -> Later:
    part.mapping({"workdays", "sooner", "unless"})
    return Later(int(part.at("workdays").number(1, 250, 1)), _facts(part.at("sooner")), _facts(part.at("unless")))


def _facts(part: Part) -> frozenset[str]:
    return frozenset(part.some_of(FACTS)) if part.value is not None else frozenset()


def _promised(part: Part) -> Promised:
    part.mapping({"clock", "wait"})
    clock: Any = part.at("clock").value
    if not isinstance(clock, str) or not clock:
        part.at("clock").wrong("must be the name of a clock")
    return Promised(str(clock), span(part.at("wait")))
