"""What intake does, one function for each command, question and event: load, ask the domain, store, say it."""

from services.intake.handlers.after import after_registration
from services.intake.handlers.articles import Shelf, find_articles, get_article, offer, put_article
from services.intake.handlers.asking import case_status, find_cases, get_case, lookup_caller
from services.intake.handlers.assignment_rules import (
    explain_assignment,
    preview_assignment,
    publish_assignment,
    run_assignment,
    show_assignment,
)
from services.intake.handlers.brief import WITHOUT_FACTS
from services.intake.handlers.calling import call_event
from services.intake.handlers.customers import add_customer, get_customer
from services.intake.handlers.erasing import erase_customer, foresee_erasure, forget_files
from services.intake.handlers.evidence import Cupboard, check_evidence, get_evidence, put_evidence, refuse_unkept
from services.intake.handlers.exporting import export_customer
from services.intake.handlers.finding_calls import find_calls, get_call
from services.intake.handlers.hearing import FROM_ESCALATION, FROM_MAINTENANCE, hear
from services.intake.handlers.house import House
from services.intake.handlers.owing import find_tasks
from services.intake.handlers.owing_all import renew_tasks
from services.intake.handlers.promising import promise_for
from services.intake.handlers.reconciling import reconcile_calls
from services.intake.handlers.regions import load_regions, show_regions
from services.intake.handlers.registering import register_case
from services.intake.handlers.repeating import confirm_repeat, forget_old_keys, reject_repeat, show_repeats
from services.intake.handlers.rights import Rights, load_roles
from services.intake.handlers.stepping import take_step
from services.intake.handlers.survey_rounds import ask_surveys
from services.intake.handlers.surveys import find_surveys, record_survey, survey_statistics
from services.intake.handlers.warranties import load_rules as load_warranty

__all__ = [
    "FROM_ESCALATION",
    "FROM_MAINTENANCE",
    "WITHOUT_FACTS",
    "Cupboard",
    "House",
    "Rights",
    "Shelf",
    "add_customer",
    "after_registration",
    "ask_surveys",
    "call_event",
    "case_status",
    "check_evidence",
    "confirm_repeat",
    "erase_customer",
    "explain_assignment",
    "export_customer",
    "find_articles",
    "find_calls",
    "find_cases",
    "find_surveys",
    "find_tasks",
    "foresee_erasure",
    "forget_files",
    "forget_old_keys",
    "get_article",
    "get_call",
    "get_case",
    "get_customer",
    "get_evidence",
    "hear",
    "load_regions",
    "load_roles",
    "load_warranty",
    "lookup_caller",
    "offer",
    "preview_assignment",
    "promise_for",
    "publish_assignment",
    "put_article",
    "put_evidence",
    "reconcile_calls",
    "record_survey",
    "refuse_unkept",
    "register_case",
    "reject_repeat",
    "renew_tasks",
    "run_assignment",
    "show_assignment",
    "show_regions",
    "show_repeats",
    "survey_statistics",
    "take_step",
]
