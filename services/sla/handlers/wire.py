"""The forms on the wire: a case event read, a clock written (contracts 4, 5)."""

from datetime import datetime
from typing import Any

from services.sla.domain.calendars import Calendars
from services.sla.domain.conditions import DEFAULTS
from services.sla.domain.facts import Fact
from services.sla.domain.record import Record
from services.sla.domain.told import Case, ToldCase
from shared.kernel.instants import format_instant
from shared.kernel.told import instant_told, maybe_told, text_told, understood
from shared.kernel.vocabulary import RECEIVED


def told_case(data: dict[str, Any]) -> ToldCase:
    """The case that an event of intake carries; raises Rejected when it is none that can be understood."""
    with understood("a case with its facts"):
        told = data["case"]
        facts = [_fact(each) for each in told["facts"]]
        return ToldCase(_case(told, facts), facts)


def _case(told: dict[str, Any], facts: list[Fact]) -> Case:
    received = [fact.at for fact in facts if fact.name == RECEIVED]
    if not received:
        raise ValueError(f"no fact {RECEIVED!r}")
    return Case(
        case_no=text_told(told["case_no"], 20),
        version=int(told["version"]),
        mode=text_told(told["mode"], 10),
        kind=text_told(told["kind"], 20),
        region=text_told(told["region"]),
        category=maybe_told(told.get("category"), 40),
        severity=text_told(told["severity"], 20),
        owner=maybe_told(told.get("owner")),
        fact_count=len(facts),
        last_seq=max(fact.seq for fact in facts),
        received_at=min(received),
    )


def _fact(told: dict[str, Any]) -> Fact:
    due_at = told.get("due_at")
    changes = told.get("set") or {}
    for name in changes.keys() & DEFAULTS.keys():
        if not isinstance(changes[name], str | bool | None):
            raise ValueError(f"the fact {told['seq']} sets {name} to no plain value")
    return Fact(
        seq=int(told["seq"]),
        name=text_told(told["fact"], 40),
        at=instant_told(told["at"]),
        recorded_at=instant_told(told["recorded_at"]),
        by=text_told(told.get("by", "")),
        key=maybe_told(told.get("key")),
        due_at=None if due_at is None else instant_told(due_at),
        set=changes,
        voids=maybe_told(told.get("voids")),
    )


def clock_json(record: Record, calendars: Calendars, now: datetime) -> dict[str, Any]:
    """A clock; its instants with the offset of its calendar."""
    calendar = calendars.named(record.calendar, record.calendar_version)
    zone, usage = calendar.work.zone, record.usage
    told: dict[str, Any] = {
        "clock": record.name,
        "case_no": record.case_no,
        "generation": record.generation,
        "revision": record.revision,
        "state": str(record.state),
        "started_at": format_instant(record.started_at, zone),
        "due_at": format_instant(record.due_at, zone),
        "warned": list(record.warned),
        "used_seconds": round(usage.used_seconds(calendar, now), 3),
        "left_seconds": round(usage.left_seconds(calendar, now), 3),
        "provisional": record.provisional,
        "policy_version": record.policy_version,
        "calendar_version": record.calendar_version,
    }
    if record.key:
        told["key"] = record.key
    if record.stopped_at is not None:
        told["stopped_at"] = format_instant(record.stopped_at, zone)
    if record.breached_at is not None:  # tells a breach from one before it that was revoked
        told["breached_at"] = format_instant(record.breached_at, zone)
    return told
