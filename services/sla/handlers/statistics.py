"""Timeliness statistics, bit by bit: no query counts more than some thousand clocks at once (SL-9)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from services.sla.domain.periods import Period, Span, cut
from services.sla.domain.statistics import Counted, Statistics
from services.sla.handlers.holders import holders_of
from services.sla.handlers.office import DEPARTMENT, OWNER, PERIOD, Office, department_of, wanted
from services.sla.storage import statistics as storage
from services.sla.storage.statistics import Part, Wanted
from shared.kernel.errors import Invalid
from shared.kernel.instants import format_instant

Answer = dict[str, Any]
SHORTEST_SECONDS = 1.0
"""A stretch is not cut below this, however many fall due within it."""
MOST_PERIODS = 1000
MOST_ROWS = 10_000


def statistics(office: Office, now: datetime, request: Answer) -> Answer:
    """Rows of figures; raises Invalid for what would be too much, with what to ask instead."""
    whole, zone = Span(request["from"], request["to"]), office.rules.calendars.default.work.zone
    asked = wanted(office.people, request)
    found = Statistics(request["by"])
    for span in _periods(whole, request, office):
        for stretch in _stretches(office, span):
            _count(office, found, asked, stretch)
    answer: Answer = {"rows": list(found.rows()), "zone": zone.key}
    answer |= {"from": format_instant(whole.begin, zone), "to": format_instant(whole.end, zone)}
    return answer | ({"holders": holders_of(office, asked, whole, now)} if request.get("holders") else {})


def _periods(whole: Span, request: Answer, office: Office) -> Sequence[Span]:
    if PERIOD not in request["by"]:
        return [whole]
    found: list[Span] = []
    for span in cut(whole, Period(request.get("period", Period.MONTH)), office.rules.calendars.default.work.zone):
        found.append(span)
        if len(found) > MOST_PERIODS:
            raise Invalid.field("period", f"makes more than {MOST_PERIODS} periods; ask for longer ones, or less time")
    return found


def _stretches(office: Office, span: Span) -> Iterator[Span]:
    """The time in stretches of which none has too many clocks for one query."""
    short = (span.end - span.begin).total_seconds() <= SHORTEST_SECONDS
    if short or not office.ask(partial(storage.is_more_than, span=span, most=office.at_once)):
        yield span
        return
    for half in span.halves():
        yield from _stretches(office, half)


def _count(office: Office, found: Statistics, asked: Wanted, stretch: Span) -> None:
    for part in office.ask(partial(storage.parts, span=stretch, most=office.at_once)):
        for counted in office.ask(partial(_counted, asked=asked, part=part)):
            found.add(_grouped(counted, found.groups, asked, stretch, office))
        if len(found) > MOST_ROWS:
            raise Invalid.field("by", f"makes more than {MOST_ROWS} rows; ask for fewer groups, or less time")


def _counted(connection: sa.Connection, asked: Wanted, part: Part) -> list[Counted]:
    return list(storage.counted(connection, asked, part))


def _grouped(counted: Counted, groups: Sequence[str], asked: Wanted, stretch: Span, office: Office) -> Counted:
    """With the groups that were asked for in place of those that the database knows."""
    told = dict(zip(asked.groups, counted.group, strict=True))
    told |= {PERIOD: stretch.name, DEPARTMENT: department_of(office.people, told.get(OWNER))}
    return replace(counted, group=tuple(told[name] for name in groups))
