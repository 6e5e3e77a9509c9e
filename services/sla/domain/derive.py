"""Clocks are derived: a pure function of a case's facts and the published rules (SL-3)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from services.sla.domain.calendars import Calendars
from services.sla.domain.clock import Clock
from services.sla.domain.conditions import DEFAULTS
from services.sla.domain.facts import Fact, attributes_after, in_order
from services.sla.domain.line import Line, Terms, View
from services.sla.domain.policy import Policy
from services.sla.domain.publishing import Running, adopt, recalendar, recalendar_kept, republish, retire

BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Publication:
    """Rules in force from an instant on; the first publication counts from the beginning, whatever its instant.

    `running` says what becomes of the clocks that run then; verdicts stay in any case (SL-6). `number` is that of the
    publication as it is kept.
    """

    policy: Policy
    calendars: Calendars
    at: datetime = BEGINNING
    running: Running = Running.RECOMPUTE
    number: int = 0

    @cached_property
    def terms(self) -> dict[str, Terms]:
        """What each clock of the policy is counted by."""
        return {name: Terms(rule, self.policy.label, self.calendars) for name, rule in self.policy.clocks.items()}


def clocks(
    facts: Iterable[Fact], publications: Sequence[Publication], now: datetime, names: Collection[str] | None = None
) -> list[Clock]:
    """Every clock of every generation, oldest first; the same facts in any order and repeated give the same.

    Whatever is published counts, also should the clock of the replica that published it be a moment ahead of ours.
    `names` alone are told where all publications have one policy: there no clock depends on another.
    """
    derivation = _Derivation(publications[0], names)
    later = list(publications[1:])
    for fact in in_order(facts):
        while later and later[0].at <= fact.at:
            derivation.publish(later.pop(0))
        derivation.take(fact)
    for publication in later:
        derivation.publish(publication)
    return derivation.result(now)


class _Derivation:
    def __init__(self, publication: Publication, names: Collection[str] | None) -> None:
        self.names = names
        self.rules = publication
        self.policies = [publication.policy]
        self.attributes: dict[str, Any] = DEFAULTS
        self.history: list[Fact] = []
        self.received: datetime | None = None
        self.lines = {name: Line(publication.terms[name]) for name in self._wanted(publication)}

    def take(self, fact: Fact) -> None:
        before, self.attributes = self.attributes, attributes_after(self.attributes, fact)
        self.received = self.received or fact.at
        view = View(before, self.attributes, self.history, self.received)
        hearing = self._hearing(fact)
        if not self.history or self._matters(before):
            for line in self.lines.values():
                line.review(fact.at, view)
            hearing |= frozenset[str]().union(*(each.becoming for each in self.policies))
        for name in hearing:
            if name in self.lines:
                self.lines[name].take(fact, view)
        self.history.append(fact)

    def publish(self, publication: Publication) -> None:
        """Change the rules. A case none of whose clocks is open is over for the time being: it has none started."""
        is_open = any(line.open_clocks() for line in self.lines.values())
        only_calendars = publication.policy is self.rules.policy
        self.rules = publication
        if not only_calendars:
            # Clocks that are kept hear what their own policy has them hear.
            kept = self.policies if publication.running is Running.KEEP else []
            self.policies = [publication.policy, *kept]
        view = View(self.attributes, self.attributes, self.history, self.received)
        change = recalendar if only_calendars else republish
        for name in self._wanted(publication):
            terms = publication.terms[name]
            line = self.lines.get(name) or self._new_line(name, terms)
            if is_open:
                change(line, terms, publication.running, publication.at, view)
            else:
                adopt(line, terms, view)
        for name in self.lines.keys() - publication.policy.clocks.keys():
            if only_calendars:
                recalendar_kept(self.lines[name], publication.calendars, publication.running, publication.at, view)
            else:
                retire(self.lines[name], publication.running, publication.at)

    def _new_line(self, name: str, terms: Terms) -> Line:
        line = self.lines[name] = Line(terms)
        for fact in self.history:
            line.note_waits(fact)
        return line

    def result(self, now: datetime) -> list[Clock]:
        found = [clock for line in self.lines.values() for clock in line.numbered()]
        for clock in found:
            clock.settle(now)
        return sorted(found, key=lambda clock: (clock.started_at, clock.start.seq, clock.name, clock.key or ""))

    def _wanted(self, publication: Publication) -> Collection[str]:
        return publication.policy.clocks if self.names is None else self.names

    def _hearing(self, fact: Fact) -> frozenset[str]:
        first, *others = self.policies
        hearing = first.listeners.get(fact.name, frozenset())
        return hearing.union(*(each.listeners.get(fact.name, frozenset()) for each in others)) if others else hearing

    def _matters(self, before: dict[str, Any]) -> bool:
        after = self.attributes
        if after is before:
            return False
        return any(before[n] != after[n] for policy in self.policies for n in policy.heard_attributes)
