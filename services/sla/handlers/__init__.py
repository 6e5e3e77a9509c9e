"""What sla does: with a case event, with due timers, with questions."""

from services.sla.handlers.cases import case_changed
from services.sla.handlers.holders import time_by_holder
from services.sla.handlers.ledger import ledger
from services.sla.handlers.office import Office
from services.sla.handlers.queries import clocks_of_case, due, explain, promise
from services.sla.handlers.rules import Rules, rules_of
from services.sla.handlers.statistics import statistics
from services.sla.handlers.timers import fire_due, next_due

__all__ = [
    "Office",
    "Rules",
    "case_changed",
    "clocks_of_case",
    "due",
    "explain",
    "fire_due",
    "ledger",
    "next_due",
    "promise",
    "rules_of",
    "statistics",
    "time_by_holder",
]
