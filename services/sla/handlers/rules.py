"""The rules in force: policies and calendars as published."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.sla.domain.calendars import Calendar, Calendars
from services.sla.domain.clock import Clock
from services.sla.domain.derive import Publication, clocks
from services.sla.domain.facts import Fact
from services.sla.domain.policy import Policy
from shared.worktime import default_calendar


@dataclass(frozen=True)
class Rules:
    """Every publication so far, the newest last; made once, asked for every case."""

    publications: tuple[Publication, ...]

    @property
    def calendars(self) -> Calendars:
        """The calendars that count now."""
        return self.publications[-1].calendars

    def derive(self, facts: Iterable[Fact], now: datetime) -> list[Clock]:
        """The clocks of a case."""
        return clocks(facts, self.publications, now)


def rules_of(policy: Policy) -> Rules:
    """A policy with the built-in calendar `cn` (SL-1)."""
    work = default_calendar()
    version = f"cn-{work.known_until.year}" if work.known_until else "cn"
    return Rules((Publication(policy, Calendars(Calendar("cn", version, work))),))
