"""A preview: what a publication would do to the clocks that run, before anything changes (SL-6)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.sla.domain.foreseen import Counts, Foreseen, foresee
from services.sla.domain.record import Record
from services.sla.domain.told import Case
from services.sla.domain.touched import touched
from services.sla.handlers.drafting import drafted
from services.sla.handlers.publishing import said_otherwise
from services.sla.handlers.republishing import planned_anew, told_by, with_clocks
from services.sla.handlers.rules import Rules
from services.sla.storage import cases, publications, republishing
from shared.kernel.errors import Refused
from shared.kernel.instants import format_instant

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Look:
    """One case with its clocks as they are, and what would be said of them."""

    case: Case
    foreseen: list[Foreseen]


def preview(rules: Rules, connection: sa.Connection, now: datetime, request: Answer) -> Answer:
    """A page of the cases that it can change: counts by region and clock, some examples; `next` while there are more.

    Refuses whatever publishing would refuse. Changes nothing.
    """
    new = drafted(rules, request, now)
    known = publications.find(connection, new.kind, new.name, new.version)
    if known is not None and not known.says_the_same(new):
        raise said_otherwise(known, new)
    would = rules if known is not None else rules.published(new)
    reach = touched(would.publications)
    page = republishing.page(connection, reach, request.get("after", ""), request["limit"])
    looks: list[_Look] = []
    problems: dict[str, str] = {}
    for case, records, facts in with_clocks(connection, cases.numbered(connection, page), lock=False):
        try:
            telling = told_by(case, now, new.by)
            before = planned_anew(rules, records, facts, telling)
            after = planned_anew(would, records, facts, telling)
        except Refused as error:
            problems[case.case_no] = str(error)
            continue
        looks.append(_Look(case, foresee(records, before, after, now)))
    answer: Answer = {
        "kind": str(new.kind),
        "name": new.name,
        "version": new.version,
        "running": str(new.running),
        "cases": len(page),
        "counts": [row | counts.to_json() for row, counts in _counted(looks)],
        "examples": [_example(*each, would) for each in _examples(looks)][: request["examples"]],
    }
    if "after" not in request:
        answer["candidates"] = republishing.count(connection, reach)
    if problems:
        answer["problems"] = problems
    if len(page) == request["limit"]:
        answer["next"] = page[-1]
    return answer


def _counted(looks: Iterable[_Look]) -> Iterator[tuple[Answer, Counts]]:
    counts: dict[tuple[str, str], Counts] = {}
    for look in looks:
        for each in look.foreseen:
            counts.setdefault((look.case.region, each.clock), Counts()).add(each)
    for (region, clock), found in sorted(counts.items()):
        yield {"region": region, "clock": clock}, found


def _examples(looks: Iterable[_Look]) -> Iterator[tuple[Case, Foreseen]]:
    return ((look.case, each) for look in looks for each in look.foreseen)


def _example(case: Case, each: Foreseen, rules: Rules) -> Answer:
    told: Answer = {"case_no": case.case_no, "region": case.region, "clock": each.clock, "what": list(each.what)}
    if each.key:
        told["key"] = each.key
    for name, record in (("before", each.before), ("after", each.after)):
        if record is not None:
            told[name] = _instant(record, rules)
    return told


def _instant(record: Record, rules: Rules) -> Answer:
    zone = rules.calendars.named(record.calendar, record.calendar_version).work.zone
    return {
        "due_at": format_instant(record.due_at, zone),
        "provisional": record.provisional,
        "policy_version": record.policy_version,
        "calendar_version": record.calendar_version,
    }
