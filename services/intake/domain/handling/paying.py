"""Compensation, step by step: proposed, approved or refused with grounds, paid (IN-22)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.intake.domain.case import Case
from services.intake.domain.facts import Draft
from services.intake.domain.handling.book import Handbook
from services.intake.domain.handling.compensation import APPROVED, PROPOSED
from services.intake.domain.handling.gate import Missing
from services.intake.domain.refusals import not_now
from services.intake.domain.rules import without
from services.intake.domain.wire import zone_of
from shared.kernel.errors import Invalid, NotFound
from shared.kernel.vocabulary import HISTORY

Fields = Mapping[str, Any]


def propose_compensation(_case: Case, fields: Fields, _at: datetime) -> Draft:
    """Something for the customer; its key is given with its number."""
    return Draft(name="compensation_proposed", detail=fields)


def approve_compensation(case: Case, fields: Fields, _at: datetime) -> Draft:
    """Only one that nobody has decided on."""
    return _of_one(case, "compensation_approved", fields, PROPOSED)


def refuse_compensation(case: Case, fields: Fields, _at: datetime) -> Draft:
    """With its grounds; one that was approved may be refused until it is paid."""
    return _of_one(case, "compensation_refused", fields, PROPOSED, APPROVED)


def pay_compensation(case: Case, fields: Fields, at: datetime) -> Draft:
    """Only one that was approved, and once; without a day it is paid on the day of the step."""
    today = at.astimezone(zone_of(case.region)).date().isoformat()
    paid_on = fields.get("paid_on", today)
    if paid_on > today and case.mode != HISTORY:
        raise Invalid.field("paid_on", "lies in the future; give the day on which it was paid")
    return _of_one(case, "compensation_paid", {**fields, "paid_on": paid_on}, APPROVED)


def missing_undecided(case: Case, _book: Handbook) -> list[Missing]:
    """What an approval of compensation needs."""
    return _missing(case, (PROPOSED,), Missing("a compensation to decide on", "`propose_compensation`"))


def missing_unpaid(case: Case, _book: Handbook) -> list[Missing]:
    """What a payment needs."""
    return _missing(
        case, (APPROVED,), Missing("a compensation that is approved and not paid", "`approve_compensation`")
    )


def missing_open(case: Case, _book: Handbook) -> list[Missing]:
    """What a refusal needs."""
    what = Missing("a compensation that is proposed, or approved and not paid", "`propose_compensation`")
    return _missing(case, (PROPOSED, APPROVED), what)


def _missing(case: Case, states: tuple[str, ...], what: Missing) -> list[Missing]:
    found = any(each.state in states for each in case.handling.compensation.all.values())
    return [] if found else [what]


def _of_one(case: Case, fact: str, fields: Fields, *states: str) -> Draft:
    key = fields["compensation_id"]
    found = case.handling.compensation.all.get(key)
    if found is None:
        known = list(case.handling.compensation.all)
        raise NotFound(f"case {case.case_no} has no compensation {key}", {"compensation_id": key, "known": known})
    if found.state not in states:
        raise not_now(case, f"compensation {key} is {found.state}", compensation=found.state)
    return Draft(name=fact, key=key, detail=without(fields, "compensation_id"))
