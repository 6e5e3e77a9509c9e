"""What a region is told of: in the words of the policy, never in those of a customer (contracts 6, AL-4)."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from services.escalation.domain import words
from services.escalation.domain.about import About
from services.escalation.domain.policy import On, PileRule, Policy
from services.escalation.domain.reasons import attributes_at_each, meets_clock
from services.escalation.domain.told import Clock, Fact
from shared.kernel.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A warning to a region; `ref` says what it is about, and there is one alert of a kind for each."""

    kind: str
    ref: str
    subject: str
    is_order: bool
    severity: str
    region: str
    at: datetime
    text: Words
    clock: str | None = None
    due_at: datetime | None = None
    pile: str | None = None
    trace: str = ""
    """The W3C traceparent of its cause."""

    @property
    def id(self) -> str:
        """The same for the same matter, whoever makes it."""
        made_of = "/".join((self.kind, self.subject if self.kind != "recurrence" else "", self.ref))
        return hashlib.sha256(made_of.encode()).hexdigest()[:32]


def of_facts(policy: Policy, about: About, facts: tuple[Fact, ...]) -> Iterator[Alert]:
    """The alerts that the facts of a case call for."""
    for fact, attributes in attributes_at_each(facts):
        for rule in policy.alerts:
            if rule.occasion.takes(On.FACTS, fact.name, attributes):
                severity = rule.severity or str(attributes["severity"])
                yield Alert(
                    kind=rule.kind,
                    ref=f"fact:{fact.seq}",
                    subject=about.subject,
                    is_order=False,
                    severity=severity,
                    region=str(attributes["region"]),
                    at=fact.at,
                    text=words.alert(rule.kind, severity, str(attributes["region"]), about.subject, fact.text),
                )


def of_clock(policy: Policy, about: About, clock: Clock) -> Iterator[Alert]:
    """The alert for a breach."""
    for rule in policy.alerts:
        if clock.was_breached and meets_clock(rule.occasion, On.BREACHED, clock, about):
            title = policy.clocks.get(clock.name, Words(clock.name, clock.name))
            severity = rule.severity or about.severity
            yield Alert(
                kind=rule.kind,
                ref=f"breached:{clock.breach}",
                subject=about.subject,
                is_order=False,
                severity=severity,
                region=about.region,
                at=clock.due_at,
                text=words.breach_alert(title, severity, about.region, about.subject, clock.due_at),
                clock=clock.name,
                due_at=clock.due_at,
            )


def of_order(policy: Policy, about: About, due_at: datetime) -> Iterator[Alert]:
    """The alert for maintenance that is overdue."""
    for rule in policy.alerts:
        if rule.occasion.takes(On.OVERDUE, "", about.attributes):
            severity = rule.severity or about.severity
            yield Alert(
                kind=rule.kind,
                ref=f"overdue:{about.due_on}",
                subject=about.subject,
                is_order=True,
                severity=severity,
                region=about.region,
                at=due_at,
                text=words.alert(rule.kind, severity, about.region, about.subject, about.due_on),
                due_at=due_at,
            )


def of_pile(rule: PileRule, about: About, pile: "Pile", now: datetime) -> Alert:
    """The alert for cases alike."""
    return Alert(
        kind="recurrence",
        ref=f"{rule.name}:{pile.region}:{pile.since.isoformat()}:{pile.product}:{pile.category}",
        subject=about.subject,
        is_order=False,
        severity=rule.severity,
        region=pile.region,
        at=now,
        text=words.pile_alert(rule, pile.region, pile.count, pile.product, pile.category),
        pile=pile_key(rule, pile.product, pile.category),
    )


def pile_key(rule: PileRule, product: str, category: str) -> str:
    """What is counted together, whatever the region."""
    return f"{rule.name}:{category}:{product}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """Cases alike in a region: how many within a window that began at `since`."""

    region: str
    count: int
    since: datetime
    product: str
    category: str
