"""Calendars as values and as plain data, and the examples of the package's own text."""

import doctest
import json

from hypothesis import given, settings

import shared.worktime
from shared.worktime import WorkCalendar, default_calendar
from tests.unit.worktime.strategies import calendars


@settings(deadline=None, max_examples=100)
@given(calendars())
def test_a_calendar_survives_being_written_as_json(drawn):
    calendar = WorkCalendar(**drawn[0])
    again = WorkCalendar.from_dict(json.loads(json.dumps(calendar.to_dict())))
    assert again == calendar
    assert hash(again) == hash(calendar)
    assert again.to_dict() == calendar.to_dict()


def test_a_countrys_calendar_is_written_by_its_country():
    row = default_calendar().to_dict()
    assert row == {
        "zone": "Asia/Shanghai",
        "hours": {day: [["09:00", "12:00"], ["13:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        "known_until": str(default_calendar().known_until),
        "country": "CN",
    }
    assert WorkCalendar.from_dict(row) == default_calendar()


def test_calendars_are_equal_by_value_and_by_nothing_else():
    monday = {"mon": [("09:00", "17:00")]}
    calendar = WorkCalendar("UTC", hours=monday)
    assert calendar == WorkCalendar("UTC", hours={**monday, "tue": []})
    assert calendar != WorkCalendar("Asia/Shanghai", hours=monday)
    assert calendar != WorkCalendar("UTC", hours=monday, holidays=["2026-10-01"])
    assert calendar != "UTC"
    assert repr(calendar) == "WorkCalendar.from_dict({'zone': 'UTC', 'hours': {'mon': [['09:00', '17:00']]}})"


def test_the_packages_examples_are_true():
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert doctest.testmod(shared.worktime, optionflags=flags).failed == 0
