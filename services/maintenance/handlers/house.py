"""What every handler goes by: the policy, the people, the working calendars."""

from dataclasses import dataclass

from services.maintenance.domain.days import Days
from services.maintenance.domain.planning import Rules
from services.maintenance.domain.policy import Policy
from shared.base.people import People
from shared.base.vouching import vouch
from shared.worktime import default_calendar


@dataclass(frozen=True)
class House:
    """Made once per process."""

    policy: Policy
    people: People

    def days(self, _region: str) -> Days:
        """The calendar of a region: those without one of their own use the built-in `cn` (SL-1)."""
        return Days(default_calendar())

    def rules(self, region: str) -> Rules:
        """What the plans of a region go by."""
        return Rules(self.policy, self.days(region))

    def vouch(self, by: str) -> str:
        """Who this is, by id; raises Forbidden for somebody unknown once the operator has named his own people."""
        return vouch(self.people, by)
