"""The words of notify: channels, audiences, triggers, languages."""

from enum import StrEnum
from typing import Final

from shared.kernel.alert_topics import ALERT_SEVERITIES

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

SEVERITIES: Final = ALERT_SEVERITIES
MAJOR: Final = frozenset({"major", "critical"})

CASE_KINDS: Final = frozenset("complaint repair guidance inquiry suggestion dispute accident".split())
FACTS: Final = frozenset(
    "received corrected handed_over investigation_started inspected relief_given replied opinion_given "
    "warning_settled measure_proposed approved rejected plan_agreed treatment_started checked progress_recorded "
    "waiting_started waiting_ended cause_determined severity_raised objected repeat_linked repeat_unlinked "
    "authority_involved authority_replied head_reported head_acknowledged team_formed report_received "
    "team_opinion_given appointment_made arrived promised promise_kept resolved reaction_recorded revisited "
    "improvement_set effect_checked closed withdrawn reopened visit_planned visit_done".split()
)
ORDER_CHANGES: Final = frozenset("planned scheduled due_soon due overdue completed missed postponed cancelled".split())

HISTORY: Final = "history"
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


UNHEARD: Final = "unheard"
"""An alert that no subscription matches."""


class OnUnknown(StrEnum):
    """What is done when nobody can know whether a message went out (NO-2)."""

    SHOW = "show"
    RESEND = "resend"
