"""What notify does: with what it hears, with what is asked of it, with what is due."""

from services.notify.handlers.accepting import SENDING_SIGNAL
from services.notify.handlers.asking import find_messages, list_subscriptions, preview_template
from services.notify.handlers.hearing import case_changed, clock_changed, escalation_changed, order_event
from services.notify.handlers.providers import gateways_of
from services.notify.handlers.receiving import Receipt, receive
from services.notify.handlers.requesting import send, subscribe, unsubscribe
from services.notify.handlers.rules import Rules, load_rules
from services.notify.handlers.sending import Sender
from services.notify.handlers.wondering import who_would_get

__all__ = [
    "SENDING_SIGNAL",
    "Receipt",
    "Rules",
    "Sender",
    "case_changed",
    "clock_changed",
    "escalation_changed",
    "find_messages",
    "gateways_of",
    "list_subscriptions",
    "load_rules",
    "order_event",
    "preview_template",
    "receive",
    "send",
    "subscribe",
    "unsubscribe",
    "who_would_get",
]
