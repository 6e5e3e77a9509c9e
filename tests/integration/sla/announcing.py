"""Versions that tests publish: next year's days off, the built-in policy with other limits."""

from datetime import date

from services.sla.domain.announced import announced
from services.sla.storage.policy_files import BUILTIN
from shared.base.yaml_file import read_yaml
from shared.worktime import WorkCalendar, default_calendar

KNOWN = default_calendar().known_until.year
NEXT = KNOWN + 1
YEAR_END = f"{KNOWN}-12-29 10:00"
OFF = [date(NEXT, 1, day) for day in (1, 2, 3, 4, 5)]


def next_year(desk, **days):
    """The calendar with the days of next year: off until the fifth of January."""
    work = WorkCalendar.from_dict(desk.published(kind="calendar")["body"])
    return announced(work, NEXT, days.get("off", OFF), []).to_dict()


def policy(version="2", **limits):
    """The built-in policy with other limits."""
    data = read_yaml(BUILTIN)
    clocks = {name: rule | ({"limit": limits[name]} if name in limits else {}) for name, rule in data["clocks"].items()}
    return data | {"version": version, "clocks": clocks}


def announce(desk, **more):
    return desk.publish_calendar(version=f"cn-{NEXT}", calendar=next_year(desk), **more)
