"""The time line: what one event is to people, in both languages. Pure: an event in, a line out.

The sentences are data (phrases.yaml); here is what fills their gaps.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from shared.base.people import People
from shared.cli.demo.journal import Heard
from shared.cli.demo.words import Words, both_days, both_moments, place, read_words, word
from shared.kernel.instants import parse_instant

Data = Mapping[str, Any]
Gaps = dict[str, Words]

AT_ITS_OWN_TIME: Final = frozenset({"clock.breached.v1"})
"""Events that happened when their clock was due, however late they were said (contracts 5)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the time line; `aside` ones are for the full record only."""

    at: datetime
    tone: str
    aside: bool
    text: Words


@dataclass(frozen=True)
class Narrator:
    """Tells events to people; needs to know what staff are called."""

    people: People

    def line(self, heard: Heard) -> Line:
        """The line of an event; one that nobody wrote a sentence for is named as it is."""
        phrases: Data = read_words("phrases.yaml")["events"]
        phrase = next((phrases[key] for key in _keys(heard) if key in phrases), None)
        at = _instant(heard)
        if phrase is None:
            return Line(at, "plain", True, Words(heard.type, heard.type))
        gaps = self._gaps(heard)
        text = Words(*(phrase[lang].format_map({name: gap[lang] for name, gap in gaps.items()}) for lang in LANGS))
        return Line(at, phrase["tone"], phrase.get("aside", False), text)

    def _gaps(self, heard: Heard) -> Gaps:
        family = heard.type.partition(".")[0]
        fill = _FAMILIES.get(family)
        return fill(self, heard.data) if fill else {}

    def who(self, name: str | None) -> Words:
        """A person: by name in Chinese, by id in English; systems by their own name."""
        person = self.people.find(name) if name else None
        return Words(person.id, person.name) if person else word("role", name)


LANGS: Final = ("en", "zh")


def _keys(heard: Heard) -> Iterator[str]:
    """Where the sentence of an event may stand: for this clock in this state, this state, this clock, any."""
    clock = heard.data.get("clock")
    if clock:
        yield f"{heard.type}/{clock['clock']}/{clock['state']}"
        yield f"{heard.type}/{clock['state']}"
        yield f"{heard.type}/{clock['clock']}"
    yield heard.type


def _instant(heard: Heard) -> datetime:
    if heard.type in AT_ITS_OWN_TIME:
        return parse_instant(heard.data["clock"]["due_at"])
    return heard.envelope.time


def _case(narrator: Narrator, data: Data) -> Gaps:
    case, fact = data["case"], data["fact"]
    changed = fact.get("set") or {}
    return {
        "kind": word("kind", case["kind"]),
        "channel": word("channel", case["channel"]),
        "severity": word("severity", case["severity"]),
        "region": place(case["region"]),
        "owner": narrator.who(case.get("owner")),
        "by": narrator.who(fact["by"]),
        "key": _plain(fact.get("key")),
        "cause": word("cause", changed.get("cause")),
        "notice": word("notice", str(changed.get("warning"))),
        "repeat_of": _plain(changed.get("repeat_of")),
        "authority": _plain(changed.get("authority")),
        "due": _moment(fact.get("due_at")),
    }


def _clock(_narrator: Narrator, data: Data) -> Gaps:
    clock = data["clock"]
    warned = max(clock["warned"], default=0)
    return {
        "clock": word("clock", clock["clock"]),
        "due": _moment(clock["due_at"]),
        "percent": _same(f"{warned:.0%}"),
    }


def _escalation(narrator: Narrator, data: Data) -> Gaps:
    step, trigger = data.get("step", {}), data.get("trigger", {})
    level = step.get("level", data["escalation"]["level"])
    return {
        "level": _same(str(level)),
        "step": _same(str(step.get("number", ""))),
        "targets": _list([narrator.who(each["person"]) for each in step.get("targets", [])]),
        "trigger": _trigger(trigger),
        "who": narrator.who(data.get("by")),
    }


def _trigger(trigger: Data) -> Words:
    what = word("trigger", trigger.get("what"))
    if trigger.get("clock") is None:
        return what
    clock = word("clock", trigger["clock"])
    return Words(f"{what.en} ({clock.en})", f"{what.zh}（{clock.zh}）")


def _team(narrator: Narrator, data: Data) -> Gaps:
    team = data["team"]
    members = [narrator.who(each) for each in team["members"] if each != team["leader"]]
    return {"leader": narrator.who(team["leader"]), "members": _list(members)}


def _alert(_narrator: Narrator, data: Data) -> Gaps:
    alert = data["alert"]
    return {"region": place(alert["region"]), "alert": word("alert", alert["kind"])}


def _message(narrator: Narrator, data: Data) -> Gaps:
    message = data["message"]
    if message.get("person"):
        whom = narrator.who(message["person"])
    elif message["audience"] == "customer" and message.get("order_no"):
        whom = _fixed("administrator")
    else:
        whom = word("audience", message["audience"])
    return {
        "whom": whom,
        "message_channel": word("message_channel", message["channel"]),
        "about": word("about", message.get("template") or message["category"]),
    }


def _order(narrator: Narrator, data: Data) -> Gaps:
    order, defect = data["order"], data.get("defect", {})
    words = defect.get("text", {})
    return {
        "order_level": word("order_level", order["level"]),
        "due_on": both_days(date.fromisoformat(order["due_on"])),
        "visit": _moment(order.get("visit_at")),
        "by": narrator.who(data.get("by")),
        "defect": Words(words.get("en", defect.get("item", "")), words.get("zh", defect.get("item", ""))),
    }


_FAMILIES: Final[Mapping[str, Callable[[Narrator, Data], Gaps]]] = {
    "case": _case,
    "clock": _clock,
    "escalation": _escalation,
    "team": _team,
    "alert": _alert,
    "message": _message,
    "order": _order,
    "defect": _order,
}


def _same(text: str) -> Words:
    return Words(text, text)


def _plain(text: str | None) -> Words:
    return word("role", text)


def _fixed(name: str) -> Words:
    found = read_words("phrases.yaml")[name]
    return Words(found["en"], found["zh"])


def _list(names: list[Words]) -> Words:
    if not names:
        return word("role", None)
    return Words(", ".join(each.en for each in names), "、".join(each.zh for each in names))


def _moment(instant: str | None) -> Words:
    return both_moments(parse_instant(instant)) if instant else word("role", None)
