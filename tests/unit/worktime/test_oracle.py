"""The engine against the oracle that counts minutes, on random calendars around every kind of clock change."""

from datetime import UTC, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.worktime import WorkCalendar
from tests.unit.worktime.oracle import MINUTE, Oracle
from tests.unit.worktime.strategies import calendars

minutes = st.integers(0, 6 * 24 * 60)


@settings(deadline=None, max_examples=100)
@given(calendars(), minutes)
def test_between_counts_the_open_minutes(drawn, length):
    arguments, start = drawn
    end = start + length * MINUTE
    assert WorkCalendar(**arguments).between(start, end) == Oracle(**arguments).between(start, end)


@settings(deadline=None, max_examples=100)
@given(calendars(), st.integers(0, 900))
def test_add_walks_the_open_minutes(drawn, limit):
    arguments, start = drawn
    expected = Oracle(**arguments).add(start, limit * 60)
    assert WorkCalendar(**arguments).add(start, limit * 60).astimezone(UTC) == expected


@settings(deadline=None, max_examples=100)
@given(calendars(), st.integers(0, 4 * 24 * 60))
def test_hours_on_working_days_walk_the_minutes_of_working_days(drawn, limit):
    arguments, start = drawn
    expected = Oracle(**arguments).add_on_workdays(start, limit * 60)
    assert WorkCalendar(**arguments).add_on_workdays(start, limit * 60).astimezone(UTC) == expected


@settings(deadline=None, max_examples=50)
@given(calendars(), st.integers(0, 3))
def test_working_days_end_at_the_close_of_the_last(drawn, n):
    arguments, start = drawn
    expected = Oracle(**arguments).add_days(start, n)
    assert WorkCalendar(**arguments).add_days(start, n).astimezone(UTC) == expected


@settings(deadline=None, max_examples=50)
@given(calendars())
def test_the_same_day_ends_at_the_next_close(drawn):
    arguments, start = drawn
    expected = Oracle(**arguments).end_of_day(start)
    assert WorkCalendar(**arguments).end_of_day(start).astimezone(UTC) == expected


@settings(deadline=None, max_examples=100)
@given(calendars())
def test_open_and_working_day_are_what_the_wall_says(drawn):
    arguments, start = drawn
    calendar, oracle = WorkCalendar(**arguments), Oracle(**arguments)
    for hours in range(24):
        instant = start + timedelta(hours=hours)
        assert calendar.is_open(instant) == oracle.is_open(instant)
        day = oracle.wall(instant)[0]
        assert calendar.is_workday(day) == bool(oracle.spans_on(day))
