"""What escalation does: with what others tell, with the time, with what people do and ask."""

from services.escalation.handlers.acting import (
    NotHeardOf,
    acknowledge,
    form_team,
    hand_on,
    is_heard_of,
    open_,
    resolve,
)
from services.escalation.handlers.asking import check_reachability, story, who_is_on_duty
from services.escalation.handlers.guessing import WrongCode, count_guess, forget_guesses, take_back_guess
from services.escalation.handlers.hearing import ORDER_EVENTS, case_changed, clock_changed, order_changed
from services.escalation.handlers.rules import Rules, rules_of
from services.escalation.handlers.timers import fire_due, next_due, timers

__all__ = [
    "ORDER_EVENTS",
    "NotHeardOf",
    "Rules",
    "WrongCode",
    "acknowledge",
    "case_changed",
    "check_reachability",
    "clock_changed",
    "count_guess",
    "fire_due",
    "forget_guesses",
    "form_team",
    "hand_on",
    "is_heard_of",
    "next_due",
    "open_",
    "order_changed",
    "resolve",
    "rules_of",
    "story",
    "take_back_guess",
    "timers",
    "who_is_on_duty",
]
