"""Holidays and make-up days by country, every year, and what is not announced yet (SL-1, SL-6)."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from shared.kernel.errors import Invalid
from shared.worktime import WorkCalendar, default_calendar

OFFICIAL = Path(__file__).parents[4] / "shared" / "data" / "cn_workdays.json"
CN = default_calendar()
WEEKDAYS = {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
HOUR = 3600


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_of_the_official_lists(year):
    if not OFFICIAL.exists():
        pytest.skip(f"no official lists to compare with: {OFFICIAL} is absent")
    listed = json.loads(OFFICIAL.read_text())[str(year)]
    off = {date.fromisoformat(day) for day in listed["holidays"]}
    made_up = {date.fromisoformat(day) for day in listed["makeup_workdays"]}
    for number in range(365 + (year % 4 == 0)):
        day = date(year, 1, 1) + timedelta(days=number)
        assert CN.is_workday(day) == (day in made_up or (day.weekday() < 5 and day not in off)), day
        morning = datetime(day.year, day.month, day.day, tzinfo=CN.zone)
        counted = CN.between(morning, morning + timedelta(days=1))
        assert counted == (8 * HOUR if CN.is_workday(day) else 0), day


def test_a_make_up_day_that_next_years_notice_put_before_new_year():
    assert CN.is_workday(date(2011, 12, 31))  # a Saturday, for 3 January 2012
    assert not CN.is_workday(date(2012, 1, 3))


def test_announced_years_are_known_and_later_ones_provisional():
    assert CN.known_until is not None
    assert CN.known_until >= date(2026, 12, 31)
    last = datetime(CN.known_until.year, 12, 31, 23, 59, tzinfo=CN.zone)
    assert not CN.provisional(last)
    assert CN.provisional(last + timedelta(minutes=1))
    assert not CN.provisional(datetime(2011, 5, 1, tzinfo=UTC))


def test_years_far_beyond_the_announced_ones_still_count():
    late = datetime(2090, 5, 31, 12, tzinfo=UTC)
    assert CN.provisional(CN.add(late, 27 * HOUR))
    assert CN.between(late, CN.add(late, 1000 * HOUR)) == 1000 * HOUR
    assert not CN.is_workday(date(2090, 10, 3))


def test_without_known_until_nothing_is_provisional():
    calendar = WorkCalendar("UTC", hours=WEEKDAYS)
    assert calendar.known_until is None
    assert not calendar.provisional(datetime(2200, 1, 1, tzinfo=UTC))


def test_provisional_goes_by_the_date_in_the_calendars_zone():
    calendar = WorkCalendar("Asia/Shanghai", hours=WEEKDAYS, known_until=date(2026, 12, 31))
    assert calendar.provisional(datetime(2026, 12, 31, 16, tzinfo=UTC))
    assert not calendar.provisional(datetime(2026, 12, 31, 15, 59, tzinfo=UTC))


def test_a_country_whose_law_fixes_the_days_ahead_is_never_provisional():
    germany = WorkCalendar.for_country("DE", zone="Europe/Berlin", hours=WEEKDAYS)
    assert germany.known_until is None
    assert not germany.is_workday(date(2040, 10, 3))
    assert germany.is_workday(date(2026, 1, 6))


def test_a_subdivision_has_its_own_holidays():
    bavaria = WorkCalendar.for_country("DE", zone="Europe/Berlin", hours=WEEKDAYS, subdivision="BY")
    assert not bavaria.is_workday(date(2026, 1, 6))


def test_next_years_notice_given_by_hand_replaces_the_guesses():
    year = CN.known_until.year + 1
    holiday, worked = date(year, 10, 8), date(year, 10, 1)  # unlike any guess
    row = {**CN.to_dict(), "holidays": [str(holiday)], "known_until": f"{year}-12-31"}
    announced = WorkCalendar.from_dict(row)
    assert announced.is_workday(worked)
    assert not announced.is_workday(holiday)
    assert not CN.is_workday(worked)
    assert not announced.is_workday(date(year + 1, 10, 2))
    assert not announced.provisional(datetime(year, 12, 31, 12, tzinfo=CN.zone))
    assert announced.provisional(datetime(year + 1, 1, 1, tzinfo=CN.zone))


def test_a_night_that_runs_into_a_make_up_day_is_counted_once():
    week = {"mon": [("08:00", "20:00")], "fri": [("22:00", "09:00")]}
    calendar = WorkCalendar.for_country("CN", zone="Asia/Shanghai", hours=week)
    friday = datetime(2026, 10, 9, 22, tzinfo=calendar.zone)
    saturday_evening = datetime(2026, 10, 10, 20, tzinfo=calendar.zone)
    assert calendar.spans(friday, saturday_evening) == [(friday, saturday_evening)]
    assert calendar.add(friday, 22 * HOUR) == saturday_evening


@pytest.mark.parametrize("code", ["XX", "", "cn", "CHN", "NYSE", "date", "HolidayBase"])
def test_an_unknown_country_is_refused(code):
    with pytest.raises(Invalid, match=r"country: .* is not known: give ISO 3166"):
        WorkCalendar.for_country(code, zone="UTC", hours=WEEKDAYS)


def test_an_unknown_subdivision_is_refused():
    with pytest.raises(Invalid, match="'DE' with the subdivision 'ZZ' is not known"):
        WorkCalendar.for_country("DE", zone="UTC", hours=WEEKDAYS, subdivision="ZZ")
