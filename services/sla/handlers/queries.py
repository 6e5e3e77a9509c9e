"""Questions: the clocks of a case, what is due, what to promise, and why (SL-8). They change nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.sla.domain import words
from services.sla.domain.clock import Clock, State
from services.sla.domain.promise import promise as promise_for
from services.sla.domain.record import NO_KEY, Record
from services.sla.domain.what_if import suppose
from services.sla.handlers.explaining import explanation_json, supposed_json, waiting_asked
from services.sla.handlers.rules import Rules
from services.sla.handlers.wire import clock_json
from services.sla.storage import cases, clocks
from services.sla.storage.clocks import Wanted
from shared.base.paging import cut, place_after
from shared.base.people import People
from shared.kernel.errors import NotFound
from shared.kernel.instants import format_instant

Answer = dict[str, Any]


def clocks_of_case(rules: Rules, connection: sa.Connection, now: datetime, request: Answer) -> Answer:
    """All clocks of a case, oldest first, and which version of the case they are of; none if not heard of yet."""
    found = clocks.of_case(connection, request["case_no"])
    case = cases.find(connection, request["case_no"])
    return {
        "clocks": [_shown(record, rules, now) for record in found],
        "case_version": case.version if case else 0,
    }


def _shown(record: Record, rules: Rules, now: datetime) -> Answer:
    """A clock, and what it takes to show what is left of it: its measure, and how far it is overrun."""
    told = clock_json(record, rules.calendars, now) | {"measure": str(record.measure)}
    if record.state is State.BREACHED and record.ended_at is None:
        told["overdue_seconds"] = round((now - record.due_at).total_seconds(), 3)
    return told


def due(people: People, rules: Rules, connection: sa.Connection, now: datetime, request: Answer) -> Answer:
    """Running clocks, and breached ones when asked for, earliest due first, a page at a time."""
    limit = request["limit"]
    wanted = Wanted(
        limit=limit + 1,
        region=request.get("region"),
        owners=people.names_of(request["owner"]) if "owner" in request else None,
        before=request.get("before"),
        breached=request.get("breached", False),
        after=place_after(request),
    )
    found = [record for record, _ in clocks.running(connection, wanted)]
    page, following = cut(found, limit, lambda record: (record.due_at, record.id or 0))
    return {"clocks": [_shown(record, rules, now) for record in page], **following}


def promise(rules: Rules, now: datetime, request: Answer) -> Answer:
    """What to promise at registration, without any case; stores nothing."""
    asked = {name: value for name, value in request.items() if name != "at"}
    given = promise_for(asked, request.get("at", now), rules.publications)
    due = {"reply_by": given.reply, "opinion_by": given.opinion}
    answer: Answer = {name: _there(clock) for name, clock in due.items() if clock is not None}
    return answer | {"provisional": given.provisional, "explanation": words.promise_words(given).to_json()}


def _there(clock: Clock) -> str:
    return format_instant(clock.due_at, clock.calendar.work.zone)


def _no_clock(case_no: str, name: str | None, has: Sequence[str]) -> NotFound:
    if name is None or not has:
        return NotFound(f"case {case_no} has no clocks")
    return NotFound(f"case {case_no} has no clock {name}; it has {', '.join(has)}", {"clocks": list(has)})


def explain(rules: Rules, connection: sa.Connection, now: datetime, request: Answer) -> Answer:
    """Why each clock of a case, or each of one name, is due when it is, oldest first; and if the case waited."""
    case_no, name = request["case_no"], request.get("clock")
    waiting = waiting_asked(request, now)
    records = {record.identity: record for record in clocks.of_case(connection, case_no)}
    facts = cases.facts_of(connection, case_no) if records else []
    told = []
    for clock in rules.derive(facts, now) if records else []:
        record = records.get((clock.name, clock.key or NO_KEY, clock.generation))
        if record is not None and name in (None, clock.name):
            told.append({"clock": _shown(record, rules, now), **explanation_json(clock)})
            if waiting is not None:
                told[-1]["if"] = supposed_json(suppose(facts, rules.derive, clock, waiting, now))
    if not told:
        raise _no_clock(case_no, name, sorted({record.name for record in records.values()}))
    return {"case_no": case_no, "explanations": told}
