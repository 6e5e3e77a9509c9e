"""What every handler goes by: the policy, the people, the working calendars."""

from dataclasses import dataclass

from services.maintenance.domain.days import Days
from services.maintenance.domain.planning import Rules
from services.maintenance.domain.policy import Policy
from shared.base.logs import logger
from shared.base.people import People
from shared.kernel.errors import Forbidden
from shared.worktime import default_calendar

log = logger(__name__)


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
        person = self.people.find(by)
        if person is None and not self.people.knows(by):
            if not self.people.is_example:
                raise Forbidden(f"{by} is nobody of ours; name a person of the people file, or system:…", {"by": by})
            log.warning("a person is not in the people file", fields=["by"])
        return person.id if person else by
