"""What intake does, one function for each command, question and event: load, ask the domain, store, say it."""

from services.intake.handlers.asking import case_status, find_cases, get_case, lookup_caller
from services.intake.handlers.hearing import escalation_acknowledged, order_completed, order_planned, team_formed
from services.intake.handlers.promising import promise_for
from services.intake.handlers.registering import register_case
from services.intake.handlers.stepping import take_step

__all__ = [
    "case_status",
    "escalation_acknowledged",
    "find_cases",
    "get_case",
    "lookup_caller",
    "order_completed",
    "order_planned",
    "promise_for",
    "register_case",
    "take_step",
    "team_formed",
]
