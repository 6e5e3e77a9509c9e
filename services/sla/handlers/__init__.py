"""What sla does: with a case event, with due timers, with questions."""

from services.sla.handlers.cases import case_changed
from services.sla.handlers.holders import time_by_holder
from services.sla.handlers.ledger import ledger
from services.sla.handlers.office import Office
from services.sla.handlers.previewing import preview
from services.sla.handlers.publishing import PUBLICATIONS_SIGNAL, in_force, publications_told, publish
from services.sla.handlers.queries import clocks_of_case, due, explain, promise
from services.sla.handlers.replaying import replay_policy
from services.sla.handlers.republishing import carry_on, next_republished, republish
from services.sla.handlers.rules import LiveRules, Rules, rules_of
from services.sla.handlers.starting import live_rules
from services.sla.handlers.statistics import statistics
from services.sla.handlers.timers import BATCH, due_timers, fire_due, next_due

__all__ = [
    "BATCH",
    "PUBLICATIONS_SIGNAL",
    "LiveRules",
    "Office",
    "Rules",
    "carry_on",
    "case_changed",
    "clocks_of_case",
    "due",
    "due_timers",
    "explain",
    "fire_due",
    "in_force",
    "ledger",
    "live_rules",
    "next_due",
    "next_republished",
    "preview",
    "promise",
    "publications_told",
    "publish",
    "replay_policy",
    "republish",
    "rules_of",
    "statistics",
    "time_by_holder",
]
