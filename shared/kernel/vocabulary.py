"""The words of a case that every service reads: its attributes and its facts (glossary of the requirements)."""

from typing import Final

KINDS: Final = ("complaint", "repair", "guidance", "inquiry", "suggestion", "dispute", "accident")
SEVERITIES: Final = ("minor", "serious", "major", "critical")
"""Mildest first: severity only ever rises (IN-5)."""

CHANNELS: Final = (
    "phone",
    "online",
    "email",
    "store",
    "onsite",
    "sales",
    "authority",
    "mail",
    "maintenance",
    "other",
)
CATEGORIES: Final = ("workmanship", "product_quality", "misuse", "staff_attitude", "other")

LIVE: Final = "live"
HISTORY: Final = "history"
"""The modes of a case; of one that is told as history nobody is told, and nothing escalates."""

RECEIVED: Final = "received"
"""The first fact of a case; its event is called `case.registered.v1`."""
FACTS: Final = tuple(
    "received corrected handed_over investigation_started inspected relief_given replied opinion_given "
    "warning_settled measure_proposed approved rejected plan_agreed treatment_started checked progress_recorded "
    "waiting_started waiting_ended cause_determined severity_raised objected repeat_linked repeat_unlinked "
    "authority_involved authority_replied head_reported head_acknowledged team_formed report_received "
    "team_opinion_given appointment_made arrived promised promise_kept resolved reaction_recorded revisited "
    "improvement_set effect_checked closed withdrawn reopened visit_planned visit_done "
    "personal_data_erased customer_wrote approvers_named compensation_proposed compensation_approved "
    "compensation_refused compensation_paid analysis_requested finding_given department_excused appraisal_shown "
    "evidence_added fed_back improvement_followed_up urged".split()
)
"""Everything that can happen to a case, as policies may ask for it."""
