"""The data of each event, as marshmallow schemas: what contract tests check and AsyncAPI is generated from."""

from shared.events.schemas.alerts import Alert, AlertRaised
from shared.events.schemas.cases import Case, CaseEvent, Fact
from shared.events.schemas.clocks import CaseOfClock, Clock, ClockEvent
from shared.events.schemas.customers import CustomerChanged, CustomerErased, SurveyAsked
from shared.events.schemas.digests import DigestSealed, SealedDigest
from shared.events.schemas.escalations import (
    Escalation,
    EscalationEvent,
    EscalationRaised,
    EscalationSettled,
    OrderNamed,
    Step,
    StepReached,
    Target,
    Team,
    TeamFormed,
    Trigger,
)
from shared.events.schemas.messages import MESSAGE_STATES, Message, MessageEvent
from shared.events.schemas.orders import Administrator, Defect, DefectFound, Equipment, Order, OrderEvent
from shared.events.schemas.told import Told, Words

__all__ = [
    "MESSAGE_STATES",
    "Administrator",
    "Alert",
    "AlertRaised",
    "Case",
    "CaseEvent",
    "CaseOfClock",
    "Clock",
    "ClockEvent",
    "CustomerChanged",
    "CustomerErased",
    "Defect",
    "DefectFound",
    "DigestSealed",
    "Equipment",
    "Escalation",
    "EscalationEvent",
    "EscalationRaised",
    "EscalationSettled",
    "Fact",
    "Message",
    "MessageEvent",
    "Order",
    "OrderEvent",
    "OrderNamed",
    "SealedDigest",
    "Step",
    "StepReached",
    "SurveyAsked",
    "Target",
    "Team",
    "TeamFormed",
    "Told",
    "Trigger",
    "Words",
]
