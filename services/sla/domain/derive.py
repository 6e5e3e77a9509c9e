"""Clocks are derived: a pure function of a case's facts and the published rules (SL-3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.sla.domain.calendars import Calendars
from services.sla.domain.clock import Clock
from services.sla.domain.conditions import DEFAULTS
from services.sla.domain.facts import Fact, attributes_after, in_order
from services.sla.domain.line import Line, Terms, View
from services.sla.domain.policy import Policy
from services.sla.domain.publishing import Running, adopt, republish, retire

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


def clocks(facts: Iterable[Fact], publications: Sequence[Publication], now: datetime) -> list[Clock]:
    """Every clock of every generation, oldest first; the same facts in any order and repeated give the same.

    Whatever is published counts, also should the clock of the replica that published it be a moment ahead of ours.
    """
    derivation = _Derivation(publications[0])
    later = list(publications[1:])
    for fact in in_order(facts):
        while later and later[0].at <= fact.at:
            derivation.publish(later.pop(0))
        derivation.take(fact)
    for publication in later:
        derivation.publish(publication)
    return derivation.result(now)


class _Derivation:
    def __init__(self, publication: Publication) -> None:
        self.rules = publication
        self.policies = [publication.policy]
        self.attributes: dict[str, Any] = DEFAULTS
        self.history: list[Fact] = []
        self.received: datetime | None = None
        self.lines = {name: Line(self._terms(name)) for name in publication.policy.clocks}

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
            self.lines[name].take(fact, view)
        self.history.append(fact)

    def publish(self, publication: Publication) -> None:
        """Change the rules. A case none of whose clocks is open is over for the time being: it has none started."""
        is_open = any(line.open_clocks() for line in self.lines.values())
        self.rules = publication
        keeps = publication.running is Running.KEEP
        # Clocks that are kept hear what their own policy has them hear.
        self.policies = [publication.policy, *(self.policies if keeps else [])]
        view = View(self.attributes, self.attributes, self.history, self.received)
        for name in publication.policy.clocks:
            terms = self._terms(name)
            line = self.lines.setdefault(name, Line(terms))
            if is_open:
                republish(line, terms, publication.running, publication.at, view)
            else:
                adopt(line, terms, view)
        for name in self.lines.keys() - publication.policy.clocks.keys():
            retire(self.lines[name], publication.running, publication.at)

    def result(self, now: datetime) -> list[Clock]:
        found = [clock for line in self.lines.values() for clock in line.numbered()]
        for clock in found:
            clock.settle(now)
        return sorted(found, key=lambda clock: (clock.started_at, clock.start.seq, clock.name, clock.key or ""))

    def _terms(self, name: str) -> Terms:
        policy = self.rules.policy
        return Terms(policy.clocks[name], policy.label, self.rules.calendars)

    def _hearing(self, fact: Fact) -> frozenset[str]:
        first, *others = self.policies
        hearing = first.listeners.get(fact.name, frozenset())
        return hearing.union(*(each.listeners.get(fact.name, frozenset()) for each in others)) if others else hearing

    def _matters(self, before: dict[str, Any]) -> bool:
        after = self.attributes
        if after is before:
            return False
        return any(before[n] != after[n] for policy in self.policies for n in policy.heard_attributes)
