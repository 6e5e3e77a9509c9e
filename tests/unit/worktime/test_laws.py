"""The laws of contracts 8, each for random calendars, instants and limits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.worktime import WorkCalendar, default_calendar
from tests.unit.worktime.strategies import CHANGES, calendars, instants, limits

TICK = timedelta(microseconds=1)
zones = st.sampled_from(sorted({zone for zone, _ in CHANGES}))
law = settings(deadline=None, max_examples=50)


@st.composite
def working(draw: st.DrawFn) -> WorkCalendar:
    """The default calendar half of the time, else a random one."""
    return draw(st.just(default_calendar()) | calendars().map(lambda drawn: WorkCalendar(**drawn[0])))


def utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)


@law
@given(working(), instants, limits)
def test_what_was_added_lies_between(calendar, a, s):
    assert calendar.between(a, calendar.add(a, s)) == s
    assert calendar.between_on_workdays(a, calendar.add_on_workdays(a, s)) == s


@law
@given(working(), instants, instants)
def test_between_is_antisymmetric(calendar, a, b):
    assert calendar.between(b, a) == -calendar.between(a, b)
    assert calendar.between_on_workdays(b, a) == -calendar.between_on_workdays(a, b)


@law
@given(working(), st.lists(instants, min_size=3, max_size=3))
def test_between_is_additive(calendar, three):
    a, b, c = three
    parts = calendar.between(a, b) + calendar.between(b, c)
    assert round((parts - calendar.between(a, c)) * 10**6) == 0


@law
@given(working(), instants, instants, limits, limits)
def test_add_is_monotone_in_both_arguments(calendar, a, b, s, t):
    early, late = sorted((a, b))
    less, more = sorted((s, t))
    for add in (calendar.add, calendar.add_on_workdays):
        assert utc(add(early, s)) <= utc(add(late, s))
        assert utc(add(a, less)) <= utc(add(a, more))


@law
@given(working(), instants, limits, limits.filter(bool))
def test_a_limit_in_two_parts_ends_where_the_whole_does(calendar, a, s, t):
    assert utc(calendar.add(calendar.add(a, s), t)) == utc(calendar.add(a, s + t))


@law
@given(working(), instants)
def test_a_limit_used_up_exactly_at_closing_time_ends_at_closing_time(calendar, a):
    close = calendar.end_of_day(a)
    assert utc(calendar.add(a, calendar.between(a, close))) == utc(close)


@law
@given(working(), instants)
def test_a_zero_limit_ends_at_once_or_at_the_next_opening(calendar, a):
    end = calendar.add(a, 0)
    assert calendar.is_open(end)
    assert calendar.between(a, end) == 0
    if calendar.is_open(a):
        assert utc(end) == a
    else:
        assert not calendar.is_open(utc(end) - TICK)


@law
@given(working(), instants, limits.filter(bool))
def test_a_limit_ends_as_early_as_it_can(calendar, a, s):
    assert calendar.is_open(utc(calendar.add(a, s)) - TICK)


@law
@given(working(), instants, st.timedeltas(timedelta(), timedelta(days=60)))
def test_spans_are_half_open_in_order_and_all_that_is_counted(calendar, a, length):
    b = a + length
    spans = [(utc(start), utc(end)) for start, end in calendar.spans(a, b)]
    counted = sum((end - start for start, end in spans), timedelta())
    assert round(calendar.between(a, b) * 10**6) == counted // TICK
    assert all(calendar.is_open(start) and calendar.is_open(end - TICK) for start, end in spans)
    assert not any(calendar.is_open(end) for _, end in spans if end < b)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(spans))
    assert calendar.spans(b, a) == calendar.spans(a, b)


@law
@given(zones, instants, limits)
def test_no_change_of_the_clocks_loses_or_invents_time(zone, a, s):
    always = WorkCalendar(zone, hours={day: [("00:00", "24:00")] for day in "mon tue wed thu fri sat sun".split()})
    assert utc(always.add(a, s)) == a + timedelta(seconds=s)
    assert utc(always.add_on_workdays(a, s)) == a + timedelta(seconds=s)
    assert always.is_open(a)


@law
@given(working(), instants, st.floats(0, 10**6, allow_subnormal=False))
def test_fractions_of_a_second_are_kept_to_the_microsecond(calendar, a, s):
    assert abs(calendar.between(a, calendar.add(a, s)) - s) <= 1e-6


@law
@given(working(), instants, limits, st.integers(-14, 14))
def test_answers_depend_on_the_instant_and_not_on_its_offset(calendar, a, s, offset):
    elsewhere = a.astimezone(timezone(timedelta(hours=offset)))
    assert calendar.add(elsewhere, s) == calendar.add(a, s)
    assert calendar.add_days(elsewhere, 3) == calendar.add_days(a, 3)
    assert calendar.end_of_day(elsewhere) == calendar.end_of_day(a)


@law
@given(working(), instants, limits, st.integers(0, 30))
def test_results_are_in_the_calendars_zone(calendar, a, s, n):
    results = [calendar.add(a, s), calendar.add_days(a, n), calendar.end_of_day(a), calendar.add_on_workdays(a, s)]
    assert all(result.tzinfo is calendar.zone for result in results)
    assert isinstance(calendar.zone, ZoneInfo)


@law
@given(working(), instants, st.integers(0, 300))
def test_working_days_follow_one_another_from_close_to_close(calendar, a, n):
    close = calendar.add_days(a, n)
    assert utc(close) > a
    assert calendar.is_open(utc(close) - TICK)
    assert utc(calendar.close_of(close)) == utc(close)
    assert utc(calendar.add_days(a, n + 1)) >= utc(close)
    if n:
        assert utc(calendar.add_days(a, n + 1)) == utc(calendar.end_of_day(close))


@law
@given(working(), instants)
def test_no_working_day_at_all_is_the_same_day(calendar, a):
    assert calendar.add_days(a, 0) == calendar.end_of_day(a)


@law
@given(working(), instants)
def test_the_close_of_a_date_is_that_of_the_next_working_day_on_a_day_off(calendar, a):
    day = a.astimezone(calendar.zone).date()
    close = calendar.close_of_day(day)
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    assert calendar.close_of_day(day) == close


@law
@given(calendars(), instants, instants, limits)
def test_answers_do_not_depend_on_what_was_asked_before(drawn, a, b, s):
    fresh, used = WorkCalendar(**drawn[0]), WorkCalendar(**drawn[0])
    used.add(b, s)
    used.between(a, b)
    assert used.add(a, s) == fresh.add(a, s)
    assert used.add_on_workdays(a, s) == fresh.add_on_workdays(a, s)


def test_threads_that_share_a_fresh_calendar_agree():
    start = datetime(2020, 1, 1, tzinfo=UTC)
    asked = [(start + timedelta(days=97 * index), 3600 * index) for index in range(120)]
    expected = [default_calendar().add(*question) for question in asked]
    fresh = WorkCalendar.from_dict(default_calendar().to_dict())
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda question: fresh.add(*question), asked)) == expected
