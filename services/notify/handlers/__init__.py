"""What notify does: with what it hears, with what is asked of it, with what is due."""

from services.notify.handlers.accepting import SENDING_SIGNAL
from services.notify.handlers.asking import find_messages, preview_template
from services.notify.handlers.erasing import forget_customer
from services.notify.handlers.forgetting import forget
from services.notify.handlers.hearing import (
    case_changed,
    clock_changed,
    escalation_changed,
    order_event,
    survey_asked_event,
)
from services.notify.handlers.providers import Providers, providers_of
from services.notify.handlers.receiving import Receipt, receive
from services.notify.handlers.requesting import is_accepted, send
from services.notify.handlers.rules import Rules, load_rules
from services.notify.handlers.sending import Sender
from services.notify.handlers.subscribing import Ways, list_subscriptions, subscribe, unsubscribe
from services.notify.handlers.wondering import who_would_get

__all__ = [
    "SENDING_SIGNAL",
    "Providers",
    "Receipt",
    "Rules",
    "Sender",
    "Ways",
    "case_changed",
    "clock_changed",
    "escalation_changed",
    "find_messages",
    "forget",
    "forget_customer",
    "is_accepted",
    "list_subscriptions",
    "load_rules",
    "order_event",
    "preview_template",
    "providers_of",
    "receive",
    "send",
    "subscribe",
    "survey_asked_event",
    "unsubscribe",
    "who_would_get",
]
