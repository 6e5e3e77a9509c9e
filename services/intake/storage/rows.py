"""Cases and entries as rows, and back."""

import json
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Final

from services.intake.domain.case import Account, Case, Customer
from services.intake.domain.facts import Entry
from services.intake.domain.handling import Handling
from services.intake.domain.proof.chain import Head, follow
from services.intake.domain.protecting import guarded
from services.intake.domain.sealing import seal
from services.intake.domain.threads import Threads
from services.intake.domain.wire import Wire, fact_as_wire, fact_from_wire, plain, zone_of
from services.intake.domain.wording import words_of
from shared.base.engines import to_json
from shared.kernel.instants import format_instant, parse_instant

Row = dict[str, Any]

_SAME: Final = (
    "case_no",
    "version",
    "last_seq",
    "mode",
    "state",
    "waiting",
    "kind",
    "channel",
    "source",
    "external_ref",
    "region",
    "category",
    "severity",
    "verifiable",
    "cause",
    "department",
    "owner",
    "repeat_of",
    "received_at",
    "customer_id",
)
"""Attributes that are columns of the same name."""
_WORDED: Final = frozenset(
    "subject demand description product protected customer_name customer_phone customer_email".split()
)
"""Columns whose words a case is found by, or that say which words it must not be found by."""


def case_row(case: Case) -> Row:
    """The columns of a case."""
    row = {name: getattr(case, name) for name in _SAME}
    customer, account = case.customer, case.account
    return row | {
        "customer_name": customer.name,
        "customer_phone": customer.phone,
        "customer_email": customer.email,
        "anonymous": customer.anonymous,
        "protected": customer.protected,
        "subject": account.subject,
        "description": account.description,
        "demand": account.demand,
        "product": dict(case.product),
        "milestones": {fact: format_instant(at) for fact, at in case.milestones.items()},
        "threads": {kind: dict(threads) for kind, threads in case.threads.states.items()},
        "handling": case.handling.kept(),
        "complained_about": list(case.complained_about) or None,
    }


def changed_columns(old: Case, new: Case) -> Row:
    """The columns in which two versions of a case differ: few, and seldom those that an index is made of."""
    before = case_row(old)
    changed = {name: value for name, value in case_row(new).items() if value != before[name]}
    return changed | ({"words": case_words(new)} if changed.keys() & _WORDED else {})


def case_words(case: Case) -> list[str]:
    """What a case is found by: what the customer told, and what names the product.

    Nobody finds a case by who somebody protected is: whoever works on it could try names.
    """
    account, product = case.account, dict(case.product)
    told: Wire = {"subject": account.subject, "demand": account.demand, "description": account.description}
    told = guarded(case, {**told, "product": product})
    named = [value for value in told["product"].values() if isinstance(value, str)]
    return words_of([told["subject"], told["demand"], *named, told["description"]])


def case_of(row: Mapping[str, Any]) -> Case:
    """The case in a row."""
    return Case(
        **{name: row[name] for name in _SAME},
        customer=_customer(row),
        account=Account(row["subject"], row["description"], row["demand"]),
        product=row["product"],
        milestones={fact: parse_instant(at) for fact, at in row["milestones"].items()},
        threads=Threads(row["threads"]),
        handling=Handling.of(row["handling"]),
        complained_about=row["complained_about"] or [],
    )


def _customer(row: Mapping[str, Any]) -> Customer:
    contact = (row["customer_name"], row["customer_phone"], row["customer_email"])
    return Customer(*contact, anonymous=row["anonymous"], protected=row["protected"])


def entry_rows(case: Case, entries: Iterable[Entry], head: Head) -> tuple[list[Row], Head]:
    """The columns of entries that came with the case's present version, and the head of the chain after them."""
    zone, rows = zone_of(case.region), []
    for entry in entries:
        fact = fact_as_wire(entry.fact, zone)
        body, detail = to_json(fact), to_json(plain(entry.detail, zone))
        row = {"seq": entry.fact.seq, "version": case.version, "body": body, "detail": detail, **sealed(body, detail)}
        head = Head(entry.fact.seq, follow(head.chain, case.version, row["seal"], fact))
        rows.append(row | {"chain": head.chain})
    return rows, head


def sealed(body: str, detail: str) -> Row:
    """The salt and the seal of an entry (AL-4)."""
    salt = secrets.token_hex(16)
    return {"salt": salt, "seal": seal(salt, body, detail)}


def entry_of(body: str, detail: str) -> Entry:
    """The entry in a row."""
    return Entry(fact_from_wire(json.loads(body)), json.loads(detail))


def facts_of(bodies: str) -> list[Wire]:
    """The facts in these texts, which have commas between them."""
    facts: list[Wire] = json.loads(f"[{bodies}]")
    return facts
