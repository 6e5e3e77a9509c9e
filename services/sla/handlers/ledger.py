"""The ledger of a case's clocks, and its overruns recomputed from facts and rules (SL-3)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.sla.domain.facts import Fact
from services.sla.domain.ledger import Entry
from services.sla.domain.ledger_words import entry_words
from services.sla.domain.overrun import Overrun, overruns
from services.sla.handlers.rules import Rules
from services.sla.storage import cases
from services.sla.storage import ledger as storage
from shared.kernel.instants import format_instant
from shared.kernel.words import Words

Answer = dict[str, Any]
INSTANTS = ("started_at", "due_at", "stopped_at")


def ledger(rules: Rules, connection: sa.Connection, now: datetime, request: Answer) -> Answer:
    """What was said of a case's clocks, or of those of one name, in its order; none for a case not heard of."""
    case_no, name = request["case_no"], request.get("clock")
    entries = [each for each in storage.of_case(connection, case_no) if name in (None, each.clock)]
    facts = {fact.seq: fact for fact in cases.facts_of(connection, case_no)} if entries else {}
    waits = {wait.name: wait.title for each in rules.publications for wait in each.policy.all_waits}
    found = overruns(facts.values(), rules.publications, entries, now) if entries else ()
    return {
        "entries": [_entry(each, rules, facts, waits) for each in entries],
        "overruns": [_overrun(each) for each in found if name in (None, each.clock.name)],
    }


def _entry(entry: Entry, rules: Rules, facts: Mapping[int, Fact], waits: Mapping[str, Words]) -> Answer:
    zone = rules.calendars.named(entry.calendar).work.zone
    told: Answer = {
        "clock": entry.clock,
        "key": entry.key or None,
        "generation": entry.generation,
        "revision": entry.revision,
        "change": str(entry.change),
        "at": format_instant(entry.at, zone),
        "by": entry.by,
        "fact": _name_of(facts.get(entry.fact_seq or 0)),
        "fact_seq": entry.fact_seq,
        "reason": entry.reason,
        "fraction": entry.fraction,
        "state": entry.state and str(entry.state),
        "policy_version": entry.policy_version,
        "calendar": entry.calendar,
        "calendar_version": entry.calendar_version,
        "text": entry_words(entry, waits).to_json(),
    }
    for each in INSTANTS:
        instant = getattr(entry, each)
        told[each] = instant and format_instant(instant, zone)
    return {name: value for name, value in told.items() if value is not None}


def _name_of(fact: Fact | None) -> str | None:
    return fact.name if fact else None


def _overrun(found: Overrun) -> Answer:
    clock = found.clock
    zone = clock.calendar.work.zone
    policy_version, calendar_version = found.versions
    told: Answer = {
        "clock": clock.name,
        "generation": clock.generation,
        "due_at": format_instant(clock.due_at, zone),
        "until": format_instant(found.until, zone),
        "stopped": clock.stop is not None,
        "measure": str(found.measure),
        "seconds": round(found.seconds, 3),
        "elapsed_seconds": round(found.elapsed_seconds, 3),
        "policy_version": policy_version,
        "calendar_version": calendar_version,
        "confirmed": found.confirmed,
    }
    return told | ({"key": clock.key} if clock.key else {})
