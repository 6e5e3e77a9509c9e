"""Versions of policies and calendars as they were published, and the rules they add up to (SL-6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.sla.domain.calendars import Calendar, Calendars
from services.sla.domain.derive import Publication
from services.sla.domain.policy import Policy
from services.sla.domain.policy_file import read_published
from services.sla.domain.publishing import Running
from shared.worktime import WorkCalendar

SYSTEM = "system:sla"
"""Who publishes what a settings file, a new suite or a new package brings."""


class Kind(StrEnum):
    """What is published."""

    POLICY = "policy"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One version of a policy or of a calendar; `body` is the data of its file, and never changes.

    `regions` are those that a calendar serves, with all below them; the first calendar serves everybody else.
    """

    kind: Kind
    name: str
    version: str
    body: Mapping[str, Any]
    regions: Sequence[str] = ()
    running: Running = Running.RECOMPUTE
    at: datetime
    by: str
    note: str | None = None
    id: int = 0

    @property
    def title(self) -> str:
        """How people call it."""
        return f"{self.kind} {self.name} {self.version}"

    def says_the_same(self, other: "Published") -> bool:
        """Whether both would have one effect."""
        return (dict(self.body), sorted(self.regions), self.running) == (
            dict(other.body),
            sorted(other.regions),
            other.running,
        )


def calendar_of(published: Published) -> Calendar:
    """The calendar that was published; raises Invalid with every mistake in it."""
    return Calendar(published.name, published.version, WorkCalendar.from_dict(published.body))


def policy_of(published: Published) -> Policy:
    """The policy that was published; raises Misconfigured with every mistake in it."""
    return read_published(published.body, published.title)


def followed_by(before: Sequence[Publication], news: Iterable[Published]) -> tuple[Publication, ...]:
    """The publications so far and these; the first one needs a calendar and, after it, a policy."""
    found = list(before)
    calendars = found[-1].calendars if found else None
    for each in news:
        if each.kind is Kind.CALENDAR:
            calendars = _with(calendars, calendar_of(each), each.regions)
            policy = found[-1].policy if found else None
        else:
            policy = policy_of(each)
        if policy is None or calendars is None:
            continue
        if not found:
            found.append(Publication(policy, calendars, number=each.id))
        else:
            # Should a clock have been set back meanwhile: what is published later counts from later on.
            found.append(Publication(policy, calendars, max(each.at, found[-1].at), each.running, each.id))
    return tuple(found)


def _with(calendars: Calendars | None, new: Calendar, regions: Sequence[str]) -> Calendars:
    """The calendars once this one is published: it serves its regions instead of whoever did."""
    if calendars is None:
        return Calendars(new, versions={(new.name, new.version): new})
    served = {
        region: new if calendar.name == new.name else calendar
        for region, calendar in calendars.by_region.items()
        if calendar.name != new.name or region in regions
    }
    return replace(
        calendars,
        default=new if calendars.default.name == new.name else calendars.default,
        by_region=served | dict.fromkeys(regions, new),
        versions={**calendars.versions, (new.name, new.version): new},
    )


def regions_of(calendars: Calendars, name: str) -> list[str]:
    """The regions that a calendar serves, apart from being the one for everybody else."""
    return sorted(region for region, calendar in calendars.by_region.items() if calendar.name == name)
