"""Whether every limit of a policy ends in every calendar: an hour a week makes a century of a few thousand hours."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from services.sla.domain.calendars import Calendar, Calendars
from services.sla.domain.limits import Limit
from services.sla.domain.policy import Policy
from shared.kernel.errors import Invalid


def out_of_reach(policy: Policy, calendars: Calendars, at: datetime) -> Iterator[str]:
    """What would never end for a case received at this instant, each with its clock and calendar."""
    for name, rule in policy.clocks.items():
        for limit in {each.limit.otherwise or each.limit for each in rule.variants}:
            for calendar in _all(calendars):
                if limit.asks_calendar and not _ends(limit, calendar, at):
                    yield (
                        f"clocks.{name}: its limit never ends in the calendar {calendar.name} {calendar.version}, "
                        "which has too little working time; shorten the limit, or give the calendar more hours"
                    )


def _all(calendars: Calendars) -> Iterable[Calendar]:
    """Each once, however many regions it serves."""
    return {(each.name, each.version): each for each in (calendars.default, *calendars.by_region.values())}.values()


def _ends(limit: Limit, calendar: Calendar, at: datetime) -> bool:
    try:
        limit.due(calendar, at, None, 0)
    except Invalid:
        return False
    return True
