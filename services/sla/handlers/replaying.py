"""A policy tried on past cases before it is switched on, a page of cases at a time."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from services.sla.domain.comparing import Comparison, Turned
from services.sla.domain.derive import Publication
from services.sla.domain.periods import Span
from services.sla.domain.policy import Policy
from services.sla.domain.policy_file import read_policy
from services.sla.handlers.office import wanted
from services.sla.handlers.past_pages import next_of, place_after
from services.sla.handlers.rules import Rules
from services.sla.storage import past
from shared.base.people import People
from shared.kernel.errors import Invalid, Misconfigured
from shared.kernel.instants import format_instant

Answer = dict[str, Any]
FIELD = "policy"
MOST_COUNTED = 10_000_000


def replay_policy(people: People, rules: Rules, connection: sa.Connection, now: datetime, request: Answer) -> Answer:
    """Figures of one page of the cases received in a time, by the rules in force and by the proposed policy.

    The sums of all pages are the whole; `total` comes with the first. Raises Invalid for a policy that will not do.
    """
    asked, whole = wanted(people, request), Span(request["from"], request["to"])
    comparison = Comparison(rules.publications, Publication(_policy(request), rules.calendars))
    after, limit = place_after(request), request["limit"]
    found = past.page(connection, asked, whole, after, limit + 1)
    for each in found[:limit]:
        comparison.add(each.case.case_no, each.case.owner, each.facts, now)
    answer = _told(comparison) | {"cases": len(found[:limit])}
    if after is None:
        answer["total"] = past.count(connection, asked, whole, MOST_COUNTED)
    return answer | (next_of(found[limit - 1]) if len(found) > limit else {})


def _policy(request: Answer) -> Policy:
    try:
        return _read(json.dumps(request[FIELD]))
    except Misconfigured as error:
        raise Invalid(str(error), {FIELD: error.problems}) from None


@lru_cache(maxsize=2)
def _read(text: str) -> Policy:
    """Read once for all pages."""
    return read_policy(json.loads(text), FIELD)


def _told(comparison: Comparison) -> Answer:
    owners = sorted(comparison.by_owner.items(), key=lambda item: item[0] or "")
    return {
        "clocks": [{"clock": name, **sides.to_json()} for name, sides in sorted(comparison.by_clock.items())],
        "owners": [{"owner": name, **sides.to_json()} for name, sides in owners],
        "turned": [_turned(each) for each in comparison.turned],
    }


def _turned(found: Turned) -> Answer:
    clock, zone = found.clock, found.clock.calendar.work.zone
    told: Answer = {
        "case_no": found.case_no,
        "clock": clock.name,
        "generation": clock.generation,
        "saved": found.saved,
        "due_at": format_instant(clock.due_at, zone),
    }
    if clock.key:
        told["key"] = clock.key
    if clock.stopped_at is not None:
        told["stopped_at"] = format_instant(clock.stopped_at, zone)
    return told
