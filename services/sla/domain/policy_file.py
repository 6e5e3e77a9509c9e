"""From the data of a policy file to a policy: everything is checked, every mistake is told at once with its remedy."""

import math
from collections.abc import Mapping
from typing import Any

from services.sla.domain import reading
from services.sla.domain.conditions import ALWAYS
from services.sla.domain.marks import MINUTE
from services.sla.domain.policy import ClockRule, Policy, PromiseRoles, Start, Variant, Wait
from services.sla.domain.sense import check_sense, never_ends
from shared.kernel.reading import Part, Problems

FILE = {"policy", "version", "warn", "promise", "waits", "clocks"}
CLOCK = (
    {"title", "source", "ours", "for", "start", "restart", "stop", "cancel"}
    | {"keyed", "pauses", "limit", "variants", "warn", "valid"}
)  # fmt: skip
NEVER = Start()
LONGEST_VERSION = 15


def read_policy(data: Any, file: str) -> Policy:
    """The policy in a file's data; raises Misconfigured that names file, clock and field of each problem."""
    problems = Problems()
    policy = _read(data, problems)
    check_sense(policy, problems)
    problems.refuse(file)
    return policy


def read_published(data: Any, title: str) -> Policy:
    """A policy that was judged when it was published: whether it makes sense is not asked again at every start."""
    problems = Problems()
    policy = _read(data, problems)
    problems.refuse(title)
    return policy


def _read(data: Any, problems: Problems) -> Policy:
    top = Part(data, "", problems)
    top.mapping(FILE)
    clocks = _Clocks(top)
    policy = Policy(
        name=top.at("policy").name(),
        version=str(top.at("version", "").value)[:LONGEST_VERSION],
        clocks={name: clocks.rule(name) for name in clocks.names},
        promise=_promise(top.at("promise"), clocks.names),
    )
    if not policy.clocks:
        problems.add("clocks", "there is none; write at least one")
    if not policy.version:
        problems.add("version", "is missing; write a number or a word")
    return policy


def _promise(part: Part, clocks: list[str]) -> PromiseRoles:
    part.mapping({"reply_by", "handed_over_by", "opinion_by"})
    for role in ("reply_by", "handed_over_by", "opinion_by"):
        for each in part.at(role).items():
            if each.value not in clocks:
                each.wrong(f"{each.value!r} is no clock of this file; name one")
    opinions = tuple(str(each.value) for each in part.at("opinion_by").items())
    return PromiseRoles(part.at("reply_by").text(), part.at("handed_over_by").text(), opinions)


class _Clocks:
    """The clocks of a file; one may refer to another's start and limit."""

    def __init__(self, top: Part) -> None:
        self.part = top.at("clocks", {})
        self.names = [str(name) for name in self.part.value] if isinstance(self.part.value, Mapping) else []
        self.warn = reading.warnings(top.at("warn", []))
        self.waits = self._waits(top.at("waits", {}))

    def _waits(self, part: Part) -> dict[str, Wait]:
        found = {}
        for name in part.mapping(set(part.value) if isinstance(part.value, Mapping) else set()):
            each = part.at(name)
            each.mapping({"title", "begins", "ends"})
            begins, ends = reading.facts(each.at("begins")), reading.facts(each.at("ends"))
            if not begins.any_of or not ends.any_of:
                each.wrong("a wait must begin and end; give facts for both")
            elif never_ends(begins, ends):
                each.at("ends").wrong("the pause never ends: none of these facts can end it while the case is open")
            found[name] = Wait(name, each.at("title").words(), begins, ends)
        return found

    def rule(self, name: str) -> ClockRule:
        part = self.part.at(name)
        part.mapping(CLOCK)
        warn, warn_left = reading.warnings(part.at("warn")) if part.at("warn").value is not None else self.warn
        Part(name, part.place, part.problems).name()
        stop, cancel = reading.facts(part.at("stop")), reading.facts(part.at("cancel"))
        if not stop.any_of:
            part.at("stop").wrong("the clock can never be met; give facts that fulfil it")
        variants = self._variants(part)
        if part.has("warn"):  # a clock too short for what the file says for all has no such mark
            _check_time_left(part.at("warn"), warn_left, variants)
        return ClockRule(
            name=name,
            title=part.at("title").words(),
            source=part.at("source").text(),
            ours=part.at("ours").text(required=False),
            variants=variants,
            selects=reading.case_condition(part.at("for")),
            stop=stop,
            restart=reading.facts(part.at("restart")),
            cancel=cancel,
            waits=self._pauses(part.at("pauses")),
            keyed=part.at("keyed").flag(),
            warn=warn,
            warn_left=warn_left,
            valid=reading.validity(part.at("valid")),
        )

    def _pauses(self, part: Part) -> tuple[Wait, ...]:
        for each in part.items():
            if each.value not in self.waits:
                each.wrong(f"{each.value!r} is no wait of this file; name one of {', '.join(self.waits) or 'none'}")
        return tuple(self.waits[each.value] for each in part.items() if each.value in self.waits)

    def _variants(self, part: Part) -> tuple[Variant, ...]:
        if part.at("variants").value is None:
            start = reading.start(part.at("start"))
            variants = [self._limited(each, start) for each in part.at("limit", {}).items()]
        else:
            variants = [self._variant(each) for each in part.at("variants").items()]
        _check_order(part, variants)
        return tuple(variants)

    def _limited(self, part: Part, start: Start) -> Variant:
        return Variant(reading.case_condition(part.at("when")), start, reading.limit(part, frozenset({"when"})))

    def _variant(self, part: Part) -> Variant:
        asked = part.mapping({"when", "start", "limit", "same_as"})
        when = reading.case_condition(part.at("when"))
        if "same_as" not in asked:
            return Variant(when, reading.start(part.at("start")), reading.limit(part.at("limit")))
        other = self.part.at(str(part.at("same_as").value))
        if (
            not isinstance(other.value, Mapping)
            or "variants" in other.value
            or isinstance(other.at("limit").value, list)
        ):
            part.at("same_as").wrong("must name a clock of this file that has one start and one limit")
            return Variant(when, NEVER, reading.limit(Part({"given": True}, part.place, part.problems)))
        return Variant(when, reading.start(other.at("start")), reading.limit(other.at("limit")))


def _check_time_left(part: Part, warn_left: tuple[int, ...], variants: tuple[Variant, ...]) -> None:
    """Refuse a warning that would come before any of the limits has begun."""
    longest = max((each.limit.seconds or math.inf for each in variants), default=math.inf)
    for minutes in warn_left:
        if minutes * MINUTE >= longest:
            part.wrong(f"{minutes} minutes left is not after the start of the limit; warn later, or not")


def _check_order(part: Part, variants: list[Variant]) -> None:
    """Refuse a case without a limit, and a limit that no case can reach."""
    if not variants or variants[-1].when != ALWAYS:
        part.wrong("some cases have no limit; give a last one without `when`")
    for variant in variants[:-1]:
        if variant.when == ALWAYS:
            part.wrong("what stands behind a limit without `when` is never reached; move that one to the end")
