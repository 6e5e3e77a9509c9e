"""Who held a case: each working minute is booked to its owner, to the wait for the customer, or to nobody (SL-9)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.sla.domain.calendars import Calendar, Measure
from services.sla.domain.conditions import DEFAULTS
from services.sla.domain.facts import Fact, in_order
from shared.kernel.conditions import REGION

WAITING_STARTED = "waiting_started"
WAITING_ENDED = "waiting_ended"
REOPENED = "reopened"
ENDS = frozenset({"resolved", "withdrawn", "closed"})
OWNER = "owner"


class Holder(StrEnum):
    """Who has to act: `nobody` before the hand-over; `ended` between an end of the case and its reopening."""

    PERSON = "person"
    CUSTOMER = "customer"
    NOBODY = "nobody"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Holding:
    """A time in which a case lay with one holder, and how much of it was working time.

    `owner` is whose case it was, also while the customer was waited for.
    """

    holder: Holder
    owner: str | None
    region: str
    begin: datetime
    end: datetime
    seconds: float


Standing = tuple[Holder, str | None, str]


def holdings(facts: Iterable[Fact], calendar: Calendar, now: datetime) -> Iterator[Holding]:
    """The times of a case, in order, from its being received to its end, or to now when it has none.

    Together they are exactly the working time of the case: every moment is somebody's, and nobody's is said plainly.
    """
    first, *later = in_order(facts)
    until = _end(later) or max(now, first.at)
    case, begin = _Case(first), first.at
    for fact in later:
        before, at = case.standing, min(fact.at, until)
        case.take(fact)
        if case.standing != before and begin < at:
            yield _held(before, calendar, begin, at)
            begin = at
    if begin < until:
        yield _held(case.standing, calendar, begin, until)


def _held(standing: Standing, calendar: Calendar, begin: datetime, end: datetime) -> Holding:
    return Holding(*standing, begin, end, calendar.length(Measure.WORKING, begin, end))


def _end(facts: Iterable[Fact]) -> datetime | None:
    """When the case came to its end, if that was not undone."""
    end = None
    for fact in facts:
        if fact.name == REOPENED:
            end = None
        elif fact.name in ENDS and end is None:
            end = fact.at
    return end


class _Case:
    def __init__(self, received: Fact) -> None:
        self.attributes: dict[str, Any] = {REGION: DEFAULTS[REGION]}
        self.waiting = self.ended = False
        self.take(received)

    def take(self, fact: Fact) -> None:
        """What the case is after this fact."""
        changes: Mapping[str, Any] = fact.set
        self.attributes |= {name: changes[name] for name in (OWNER, REGION) if name in changes}
        if fact.name in ENDS:
            self.ended, self.waiting = True, False
        elif fact.name == REOPENED:
            self.ended = False
        elif fact.name == WAITING_STARTED:
            self.waiting = True
        elif fact.name == WAITING_ENDED:
            self.waiting = False

    @property
    def standing(self) -> Standing:
        """Who holds it, whose case it is, and where."""
        owner = self.attributes.get(OWNER)
        return self._holder(owner), owner, self.attributes[REGION]

    def _holder(self, owner: str | None) -> Holder:
        if self.ended:
            return Holder.ENDED
        if self.waiting:
            return Holder.CUSTOMER
        return Holder.PERSON if owner else Holder.NOBODY
