"""Who held cases, and how long: of one case its times, of many the sums (SL-9)."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from services.sla.domain.holders import Holder, Holding, holdings
from services.sla.domain.periods import Span
from services.sla.handlers.office import Office, department_of
from services.sla.handlers.rules import Rules
from services.sla.storage import cases, past
from services.sla.storage.past import Past, Place
from services.sla.storage.statistics import Wanted
from shared.base.people import People
from shared.kernel.errors import Invalid, NotFound
from shared.kernel.instants import format_instant

Answer = dict[str, Any]
Key = tuple[str, str, str, str]
MOST_CASES = 20_000
PAGE = 100


def time_by_holder(people: People, rules: Rules, connection: sa.Connection, now: datetime, request: Answer) -> Answer:
    """The times of one case, and its whole working time."""
    case = cases.find(connection, request["case_no"])
    if case is None:
        raise NotFound(f"case {request['case_no']} is not known here")
    found = _times(rules, Past(case, cases.facts_of(connection, case.case_no)), now)
    zone = rules.calendars.of(case.region).work.zone
    times = [
        {
            **_named(_key(people, each)),
            "from": format_instant(each.begin, zone),
            "to": format_instant(each.end, zone),
            "working_seconds": round(each.seconds, 3),
        }
        for each in found
    ]
    return {"times": times, "working_seconds": round(sum(each["working_seconds"] for each in times), 3)}


def holders_of(office: Office, wanted: Wanted, whole: Span, now: datetime) -> list[Answer]:
    """The sums over the cases received within a time; raises Invalid when they are too many to go through."""
    if office.ask(partial(past.count, wanted=wanted, span=whole, most=MOST_CASES)) > MOST_CASES:
        raise Invalid.field("holders", f"means more than {MOST_CASES} cases; ask for less time, or fewer cases")
    seconds: defaultdict[Key, float] = defaultdict(float)
    numbers: Counter[Key] = Counter()
    for each in _cases(office, wanted, whole):
        booked = [(_key(office.people, holding), holding.seconds) for holding in _times(office.rules, each, now)]
        for key, held in booked:
            seconds[key] += held
        numbers.update({key for key, _ in booked})
    return [_named(key) | {"cases": numbers[key], "working_seconds": round(seconds[key], 3)} for key in sorted(numbers)]


def _cases(office: Office, wanted: Wanted, whole: Span) -> Iterator[Past]:
    """Page by page; timers fire between two pages."""
    after: Place | None = None
    while True:
        page = office.ask(partial(past.page, wanted=wanted, span=whole, after=after, limit=PAGE))
        yield from page
        if len(page) < PAGE or (received := page[-1].case.received_at) is None:
            return
        after = received, page[-1].case.case_no


def _times(rules: Rules, told: Past, now: datetime) -> Iterator[Holding]:
    return holdings(told.facts, rules.calendars.of(told.case.region), now)


def _key(people: People, holding: Holding) -> Key:
    """Region, department, holder and owner; a wait is the customer's, whoever's the case is."""
    if holding.holder is not Holder.PERSON:
        return holding.region, "", str(holding.holder), ""
    owner = holding.owner or ""
    return holding.region, department_of(people, owner), str(holding.holder), owner


def _named(key: Key) -> Answer:
    region, department, holder, owner = key
    told = {"region": region, "department": department, "holder": holder, "owner": owner}
    return {name: value for name, value in told.items() if value}
