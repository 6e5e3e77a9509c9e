"""Facts and cases as the outside sees them (contracts 4): plain data, instants as RFC 3339."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from services.intake.domain.case import Case, Customer
from services.intake.domain.facts import Entry, Fact
from shared.kernel.instants import format_instant, parse_instant
from shared.kernel.plain_json import Written

CN = ZoneInfo("Asia/Shanghai")

Wire = dict[str, Any]

_instant = lru_cache(maxsize=256)(parse_instant)
"""Mostly a thing is written down when it happens: the same text twice."""


def zone_of(_region: str) -> tzinfo:
    """The zone of a region's calendar: regions without a calendar of their own use the built-in `cn` (SL-1)."""
    return CN


def plain(value: Any, zone: tzinfo) -> Any:
    """The value with every instant in it as text."""
    if isinstance(value, datetime):
        return format_instant(value, zone)
    if isinstance(value, Mapping):
        return {name: plain(inner, zone) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner, zone) for inner in value]
    return value


def fact_as_wire(fact: Fact, zone: tzinfo) -> Wire:
    """A fact; what it does not have is left out."""
    wire: Wire = {
        "seq": fact.seq,
        "fact": fact.name,
        "at": format_instant(fact.at, zone),
        "recorded_at": format_instant(fact.recorded_at, zone),
        "by": fact.by,
    }
    optional = {
        "key": fact.key,
        "due_at": format_instant(fact.due_at, zone) if fact.due_at else None,
        "set": plain(fact.set, zone) or None,
        "voids": fact.voids,
        "text": fact.text,
    }
    return wire | _given(optional)


def fact_from_wire(wire: Mapping[str, Any]) -> Fact:
    """The fact that `fact_as_wire` wrote."""
    return Fact(
        seq=wire["seq"],
        name=wire["fact"],
        at=_instant(wire["at"]),
        recorded_at=_instant(wire["recorded_at"]),
        by=wire["by"],
        key=wire.get("key"),
        due_at=_instant(wire["due_at"]) if "due_at" in wire else None,
        set=wire.get("set", {}),
        voids=wire.get("voids"),
        text=wire.get("text"),
    )


def case_as_wire(case: Case) -> Wire:
    """What everybody may know of a case; who adds facts, customer and account decides who sees them."""
    zone = zone_of(case.region)
    optional = {
        "source": case.source or None,
        "external_ref": case.external_ref,
        "repeat_of": case.repeat_of,
        "cause": case.cause,
        "department": case.department,
        "owner": case.owner,
        "product": dict(case.product) or None,
        "complained_about": list(case.complained_about) or None,
    }
    return {
        "case_no": case.case_no,
        "mode": case.mode,
        "version": case.version,
        "state": case.state,
        "waiting": case.waiting,
        "kind": case.kind,
        "channel": case.channel,
        "region": case.region,
        "category": case.category,
        "severity": case.severity,
        "verifiable": case.verifiable,
        **_given(optional),
        "milestones": {fact: format_instant(at, zone) for fact, at in case.milestones.items()},
    }


def case_for_staff(case: Case) -> Wire:
    """A case as those who work on it see it: with the customer and what the customer told."""
    return case_as_wire(case) | _whose(case) | _given(asdict(case.account))


def case_in_list(case: Case) -> Wire:
    """A case as one of many: what it is about, without everything the customer told."""
    return case_as_wire(case) | _whose(case) | {"subject": case.account.subject}


def case_for_services(case: Case, facts: Written) -> Wire:
    """A case as its events carry it: of the customer only how to reach them, which notify needs (AL-4)."""
    return case_as_wire(case) | {"customer": _reachable(case.customer), "facts": facts}


def history_as_wire(entry: Entry, version: int, zone: tzinfo) -> Wire:
    """One line of the history: the fact, the request it came with, and what intake alone keeps of it."""
    return fact_as_wire(entry.fact, zone) | {"version": version, "detail": plain(entry.detail, zone)}


def _whose(case: Case) -> Wire:
    return {"customer": _given(case.customer.known()), **_given({"customer_id": case.customer_id})}


def _reachable(customer: Customer) -> Wire:
    return _given({"phone": customer.phone, "email": customer.email, "anonymous": customer.anonymous})


def _given(optional: Mapping[str, Any]) -> Wire:
    return {name: value for name, value in optional.items() if value is not None}
