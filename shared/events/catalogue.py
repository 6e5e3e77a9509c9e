"""Every event of the suite: who says it, who inside the suite listens (contracts 5).

An event that comes back unroutable although a consumer is listed here is retried and alarmed; without a consumer
it is sent, and counted.
"""

from dataclasses import dataclass

import marshmallow as ma

from shared.events.schemas import (
    MESSAGE_STATES,
    AlertRaised,
    CaseEvent,
    ClockEvent,
    CustomerChanged,
    CustomerErased,
    DefectFound,
    DigestSealed,
    EscalationRaised,
    EscalationSettled,
    MessageEvent,
    OrderEvent,
    StepReached,
    SurveyAsked,
    TeamFormed,
    Told,
)
from shared.kernel.vocabulary import FACTS, RECEIVED

CASE_FACTS = ["registered", *(fact for fact in FACTS if fact != RECEIVED)]

REPAIRED = "registered resolved closed withdrawn reopened".split()
"""What becomes of the repair cases that maintenance's defects open."""

CLOCK_CHANGES = "started paused resumed moved warned breached stopped breach_revoked cancelled".split()


@dataclass(frozen=True)
class EventType:
    """One kind of event: its name with version, its owner, the services that must hear it, the shape of its data."""

    name: str
    owner: str
    consumers: tuple[str, ...] = ()
    schema: type[ma.Schema] = Told


def _types(
    owner: str, names: list[str], consumers: tuple[str, ...] = (), schema: type[ma.Schema] = Told
) -> list[EventType]:
    return [EventType(name, owner, consumers, schema) for name in names]


_ALL = [
    *_types(
        "intake",
        [f"case.{fact}.v1" for fact in CASE_FACTS if fact not in REPAIRED],
        ("sla", "escalation", "notify"),
        CaseEvent,
    ),
    *_types(
        "intake",
        [f"case.{fact}.v1" for fact in REPAIRED],
        ("sla", "escalation", "notify", "maintenance"),
        CaseEvent,
    ),
    *_types("intake", ["call.missed.v1"]),
    *_types("intake", ["customer.changed.v1"], (), CustomerChanged),
    *_types("intake", ["audit.digest_sealed.v1"], (), DigestSealed),
    *_types("intake", ["survey.asked.v1"], ("notify",), SurveyAsked),
    *_types("intake", ["customer.erased.v1"], ("sla", "escalation", "notify", "maintenance"), CustomerErased),
    *_types("sla", [f"clock.{change}.v1" for change in CLOCK_CHANGES], ("escalation", "notify"), ClockEvent),
    *_types("escalation", ["escalation.raised.v1"], ("notify",), EscalationRaised),
    *_types("escalation", ["escalation.step_reached.v1"], ("notify",), StepReached),
    *_types("escalation", ["escalation.acknowledged.v1"], ("intake", "notify"), EscalationSettled),
    *_types("escalation", ["escalation.resolved.v1"], ("notify",), EscalationSettled),
    *_types("escalation", ["team.formed.v1"], ("intake", "notify"), TeamFormed),
    *_types("escalation", ["alert.raised.v1"], ("notify",), AlertRaised),
    *_types("notify", [f"message.{state}.v1" for state in MESSAGE_STATES if state != "sending"], (), MessageEvent),
    *_types("maintenance", ["order.planned.v1"], ("intake", "notify"), OrderEvent),
    *_types("maintenance", ["order.completed.v1"], ("intake", "escalation", "notify"), OrderEvent),
    *_types(
        "maintenance", [f"order.{change}.v1" for change in "scheduled due_soon due".split()], ("notify",), OrderEvent
    ),
    *_types(
        "maintenance",
        [f"order.{change}.v1" for change in "overdue missed postponed cancelled".split()],
        ("escalation", "notify"),
        OrderEvent,
    ),
    *_types("maintenance", ["defect.found.v1"], ("intake",), DefectFound),
    *_types("maintenance", ["stock.low.v1"]),
]

CATALOGUE: dict[str, EventType] = {event.name: event for event in _ALL}


def exchange_of(service: str) -> str:
    """The topic exchange on which a service says its events."""
    return f"{service}.events"


def must_be_heard(name: str) -> bool:
    """Whether somebody inside the suite has to receive this event."""
    event = CATALOGUE.get(name)
    return bool(event and event.consumers)
