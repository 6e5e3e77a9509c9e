"""What a clock change does to working time, zone by zone, worked out by hand."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from shared.worktime import WorkCalendar

HOUR = 3600
DAILY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def daily(zone: str, *spans: tuple[str, str]) -> WorkCalendar:
    return WorkCalendar(zone, hours={day: spans for day in DAILY})


@pytest.mark.parametrize(
    ("zone", "evening", "hours"),
    [
        ("America/New_York", date(2026, 3, 7), 7),
        ("America/New_York", date(2026, 10, 31), 9),
        ("Europe/Berlin", date(2026, 3, 28), 7),
        ("Europe/Berlin", date(2026, 10, 24), 9),
        ("Australia/Sydney", date(2026, 10, 3), 7),
        ("Australia/Sydney", date(2026, 4, 4), 9),
        ("Australia/Lord_Howe", date(2026, 10, 3), 7.5),
        ("Australia/Lord_Howe", date(2026, 4, 4), 8.5),
        ("America/Sao_Paulo", date(2018, 11, 3), 7),
        ("America/Sao_Paulo", date(2018, 2, 17), 9),
        ("Asia/Shanghai", date(1991, 4, 13), 7),
        ("Asia/Shanghai", date(1991, 9, 14), 9),
        ("Asia/Shanghai", date(2026, 4, 13), 8),
    ],
)
def test_a_night_shift_has_the_hours_that_passed(zone, evening, hours):
    calendar = daily(zone, ("22:00", "06:00"))
    start = datetime.combine(evening, time(22), tzinfo=calendar.zone)
    assert calendar.between(start, calendar.end_of_day(start)) == hours * HOUR
    assert calendar.add(start, hours * HOUR).time() == time(6)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25)])
def test_a_working_day_of_23_or_25_hours_counts_as_it_passes(day, hours):
    calendar = daily("America/New_York", ("09:00", "17:00"))
    midnight = datetime.combine(day, time(0), tzinfo=calendar.zone)
    end = calendar.add_on_workdays(midnight, hours * HOUR)
    assert end.astimezone(UTC) - midnight.astimezone(UTC) == timedelta(hours=hours)
    assert (end.hour, end.day) == (0, day.day + 1)


def test_an_opening_time_that_is_skipped_opens_when_the_clocks_have_jumped():
    calendar = daily("Europe/Berlin", ("02:30", "06:00"))
    opening = calendar.add(datetime(2026, 3, 29, 0, tzinfo=calendar.zone), 0)
    assert str(opening) == "2026-03-29 03:00:00+02:00"
    assert calendar.between(opening, calendar.end_of_day(opening)) == 3 * HOUR


def test_a_span_within_a_repeated_hour_is_open_both_times_the_wall_shows_it():
    calendar = daily("Europe/Berlin", ("02:15", "02:45"))
    spans = calendar.spans(datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC))
    assert [str(start) for start, _ in spans] == ["2026-10-25 02:15:00+02:00", "2026-10-25 02:15:00+01:00"]
    assert str(calendar.end_of_day(spans[0][0])) == "2026-10-25 02:45:00+01:00"


def test_an_instant_in_a_repeated_hour_is_read_with_its_fold():
    calendar = daily("America/New_York", ("00:00", "06:00"))
    first = datetime(2026, 11, 1, 1, 30, tzinfo=calendar.zone)
    assert calendar.between(first, first.replace(fold=1)) == HOUR
    assert calendar.add(first, HOUR).fold == 1


def test_a_day_that_the_zone_skipped_has_no_time_and_no_close():
    calendar = daily("Pacific/Apia", ("09:00", "17:00"))
    start = datetime(2011, 12, 29, 18, tzinfo=calendar.zone)
    assert str(calendar.end_of_day(start)) == "2011-12-31 17:00:00+14:00"
    assert calendar.between(start, calendar.add_days(start, 1)) == 8 * HOUR
