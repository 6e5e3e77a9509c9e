"""Every column that could hold personal data is either erased by its service's list, or said here to hold none (AL-4).

A new column of text or JSON fails this test until somebody has decided which it is.
"""

import importlib

import pytest
import sqlalchemy as sa

from shared.base.broker import SERVICES
from shared.base.columns import Instant
from shared.outbox.places import Place

_NO_TEXT = (sa.Integer, sa.BigInteger, sa.Boolean, sa.DateTime, sa.Date, sa.Float, Instant)
MESSAGING = {
    "answers": "method",
    "erased_keys": "key erasure_id",
    "erasures": "erasure_id terms",
    "held": "queue event_id type state",
    "inbox": "queue event_id",
    "outbox": "event_id exchange routing_key",
}
"""Names of ours, and digests."""
IMPERSONAL = {
    "intake": {
        **MESSAGING,
        "access_cases": "case_no",
        # A question is kept without what names anybody (domain/proof/reads.py).
        "accesses": "writer by body chain",
        "articles": "article_id body by",
        "assignment_rules": "name body by note",
        "calls": "source direction state callback",
        # `words` are made again from what is left of the texts.
        "cases": "case_no mode state kind channel first_channel region category severity cause department owner "
        "repeat_of complained_about customer_id milestones threads promise words chain",
        "customers": "erased_by",
        "digest_leaves": "case_no chain",
        "digests": "body signature",
        "entries": "seal chain",
        "evidence": "case_no digest kind by",
        "letters": "mailbox digest state reason bounced",
        "regions": "path",
        "repeat_proposals": "case_no first_case reasons state by",
        "surveys": "code kind case_no customer_id period region model department category case_kind owner via",
        "tasks": "case_no region task_id duty department owner state last_urged_by",
        "unassigned": "reason",
    },
    "sla": {
        **MESSAGING,
        "cases": "case_no mode kind region category severity owner floors",
        "clocks": "case_no name key state measure policy_version calendar calendar_version warned revoked_by",
        "facts": "fact by key voids",
        "ledger": "case_no clock key change policy_version calendar calendar_version by reason state",
        # It says clocks only.
        "outbox": "event_id exchange routing_key body",
        "publications": "kind name version body regions running by note state",
        "timers": "state",
    },
    "escalation": {
        **MESSAGING,
        "alerts": "id subject kind severity region pile",
        "clock_states": "subject name key state",
        "escalations": "id subject ladder state acknowledged_by handed_to lifted",
        "guesses": "who",
        "reasons": "subject rule ref what ladder clock joined",
        "registered": "category region",
        "story": "what rule escalation_id ladder clock who by",
        "subjects": "subject kind region category severity owner due_on milestones complained_about",
        "targets": "escalation_id person code",
        "teams": "subject leader members by",
    },
    "notify": {
        **MESSAGING,
        "attempts": "reference channel provider provider_reference outcome",
        "clocks": "key document",
        "escalations": "key document",
        "messages": "message_id channel audience rule category template language order_no state trace",
        "orders": "key",
        "receipts": "provider reference state",
        "skips": "rule",
    },
    "maintenance": {
        **MESSAGING,
        "defects": "defect_id item text case_state",
        "equipment": "serial_key serial_no model region state",
        "order_items": "item text result",
        "order_steps": "step by",
        "orders": "order_no level region state technician completed_by next_mark",
        "plans": "level period set_by",
        "slots": "outcome",
        "technicians": "person",
    },
}
"""Columns that hold our own people, our own words, numbers of cases and orders: the record."""


def places_of(service: str) -> list[Place]:
    return list(importlib.import_module(f"services.{service}.storage.personal").PLACES)


def tables_of(service: str) -> list[sa.Table]:
    return list(importlib.import_module(f"services.{service}.storage.tables").metadata.sorted_tables)


def handled(place: Place) -> set[str]:
    if place.deleted:
        return set(place.table.c.keys())
    return {*place.found_by, *place.cleared, *place.scrubbed, *place.renamed, *place.along}


@pytest.mark.parametrize("service", SERVICES)
def test_every_column_of_text_is_decided(service: str) -> None:
    listed: dict[str, set[str]] = {}
    for place in places_of(service):
        listed.setdefault(place.table.name, set()).update(handled(place))
    undecided = [
        f"{table.name}.{column.name}"
        for table in tables_of(service)
        for column in table.c
        if not isinstance(column.type, _NO_TEXT)
        and column.name not in listed.get(table.name, ())
        and column.name not in IMPERSONAL[service].get(table.name, "").split()
    ]
    assert undecided == [], (
        f"list these in services/{service}/storage/personal.py, or here when they hold nobody's data"
    )


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_said_to_hold_none_is_there_and_not_erased(service: str) -> None:
    columns = {(table.name, column.name) for table in tables_of(service) for column in table.c}
    said = {(table, name) for table, names in IMPERSONAL[service].items() for name in names.split()}
    assert said - columns == set()
