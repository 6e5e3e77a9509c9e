"""The words of notify: channels, audiences, triggers, languages."""

from enum import StrEnum
from typing import Final

EMAIL: Final = "email"
SMS: Final = "sms"
WEBHOOK: Final = "webhook"
AMQP: Final = "amqp"
CHANNELS: Final = (EMAIL, SMS, WEBHOOK, AMQP)
SENT_CHANNELS: Final = (EMAIL, SMS, WEBHOOK)
"""Those on which we send; alerts flow to a team's queue by the broker itself."""
PERSONAL_CHANNELS: Final = (SMS, EMAIL)
"""Those that reach a person, with a text from a template."""

CUSTOMER: Final = "customer"
STAFF: Final = "staff"
TEAM: Final = "team"
OPS: Final = "ops"
AUDIENCES: Final = (CUSTOMER, STAFF, TEAM, OPS)

LANGUAGES: Final = ("zh-CN", "en")

MAJOR: Final = frozenset({"major", "critical"})

ORDER_CHANGES: Final = frozenset("planned scheduled due_soon due overdue completed missed postponed cancelled".split())

DIRECT: Final = "direct"
"""The recipient and category of what somebody had sent by RPC."""


class Trigger(StrEnum):
    """What may have happened for a rule to tell of it."""

    FACT = "fact"
    BECAME = "became"
    CLOCK = "clock"
    STEP = "step"
    TEAM_FORMED = "team"
    ALERT = "alert"
    ORDER = "order"
    MESSAGE = "message"
    SURVEY = "survey"


UNHEARD: Final = "unheard"
"""An alert that no subscription matches."""


class OnUnknown(StrEnum):
    """What is done when nobody can know whether a message went out (NO-2)."""

    SHOW = "show"
    RESEND = "resend"


CASE_OVER: Final = ("resolved", "revisited", "closed", "withdrawn")
"""The states of a case in which nobody works on it."""
