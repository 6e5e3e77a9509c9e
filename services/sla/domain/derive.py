"""Clocks are derived: a pure function of a case's facts and the published rules (SL-3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.sla.domain.calendars import Calendars
from services.sla.domain.clock import Clock
from services.sla.domain.conditions import DEFAULTS
from services.sla.domain.facts import Fact, attributes_after, in_order
from services.sla.domain.line import Line, View
from services.sla.domain.policy import Policy
from shared.kernel.conditions import REGION

BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Publication:
    """Rules in force from an instant on; the first publication counts from the beginning, whatever its instant.

    Open clocks are counted anew by it from their own start; verdicts stay (SL-6).
    """

    policy: Policy
    calendars: Calendars
    at: datetime = BEGINNING


def clocks(facts: Iterable[Fact], publications: Sequence[Publication], now: datetime) -> list[Clock]:
    """Every clock of every generation, oldest first; the same facts in any order and repeated give the same."""
    derivation = _Derivation(publications[0])
    later = list(publications[1:])
    for fact in in_order(facts):
        while later and later[0].at <= fact.at:
            derivation.publish(later.pop(0))
        derivation.take(fact)
    for publication in later:
        if publication.at <= now:
            derivation.publish(publication)
    return derivation.result(now)


class _Derivation:
    def __init__(self, publication: Publication) -> None:
        self.rules = publication
        self.attributes: dict[str, Any] = DEFAULTS
        self.history: list[Fact] = []
        self.lines: dict[str, Line] = {}
        self.received: datetime | None = None
        self._add_lines()

    def take(self, fact: Fact) -> None:
        before, self.attributes = self.attributes, attributes_after(self.attributes, fact)
        self.received = self.received or fact.at
        view = self._view(before)
        hearing = self.rules.policy.listeners.get(fact.name, frozenset())
        if not self.history or self._matters(before):
            for line in self.lines.values():
                line.review(fact.at, view)
            hearing |= self.rules.policy.becoming
        for name in hearing:
            self.lines[name].take(fact, view)
        self.history.append(fact)

    def publish(self, publication: Publication) -> None:
        self.rules = publication
        view = self._view(self.attributes)
        self._add_lines()
        for name, line in self.lines.items():
            if name in publication.policy.clocks:
                line.rule = publication.policy.clocks[name]
                line.review(publication.at, view)
            else:
                line.let_go(publication.at)

    def result(self, now: datetime) -> list[Clock]:
        found = [clock for line in self.lines.values() for clock in line.numbered()]
        for clock in found:
            clock.settle(now)
        return sorted(found, key=lambda clock: (clock.started_at, clock.start.seq, clock.name, clock.key or ""))

    def _add_lines(self) -> None:
        for name, rule in self.rules.policy.clocks.items():
            if name not in self.lines:
                self.lines[name] = Line(rule)

    def _view(self, before: dict[str, Any]) -> View:
        calendar = self.rules.calendars.of(self.attributes[REGION])
        return View(before, self.attributes, calendar, self.rules.policy.label, self.history, self.received)

    def _matters(self, before: dict[str, Any]) -> bool:
        after = self.attributes
        return after is not before and any(before[n] != after[n] for n in self.rules.policy.heard_attributes)
