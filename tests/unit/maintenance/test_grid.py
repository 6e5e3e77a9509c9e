"""The grid never drifts, doubles or leaves a gap (MA-3)."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import example, given
from hypothesis import strategies as st

from services.maintenance.domain.grid import MONTHS, first_slot_from, slot_day, slots_between

ANCHORS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
PERIODS = st.sampled_from(sorted(MONTHS))
NUMBERS = st.integers(0, 600)


@pytest.mark.parametrize(
    ("anchor", "period", "days"),
    [
        ("2026-01-31", "monthly", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
        ("2028-01-30", "monthly", ["2028-01-30", "2028-02-29", "2028-03-30"]),
        ("2025-11-30", "quarterly", ["2025-11-30", "2026-02-28", "2026-05-30", "2026-08-30", "2026-11-30"]),
        ("2024-02-29", "annual", ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
    ],
)
def test_month_ends_are_cut_from_the_anchor_never_from_the_slot_before(anchor, period, days):
    assert [slot_day(date.fromisoformat(anchor), period, n).isoformat() for n in range(len(days))] == days


@given(ANCHORS, PERIODS, NUMBERS)
@example(date(2096, 2, 29), "annual", 4)  # 2100 is no leap year
def test_a_slot_lies_where_another_library_puts_it(anchor, period, n):
    assert slot_day(anchor, period, n) == anchor + relativedelta(months=n * MONTHS[period])


@given(ANCHORS, PERIODS, NUMBERS)
def test_a_slot_has_the_anchors_day_or_the_months_last(anchor, period, n):
    day = slot_day(anchor, period, n)
    assert day.day == min(anchor.day, monthrange(day.year, day.month)[1])
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    assert months == n * MONTHS[period]


@given(ANCHORS, PERIODS, st.dates(date(1980, 1, 1), date(2110, 12, 31)))
def test_the_first_slot_from_a_day_is_the_first(anchor, period, day):
    n = first_slot_from(anchor, period, day)
    assert slot_day(anchor, period, n) >= day
    assert n == 0 or slot_day(anchor, period, n - 1) < day


@given(ANCHORS, PERIODS, st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.integers(0, 800))
def test_slots_between_two_days_are_those(anchor, period, first, length):
    last = first + timedelta(days=length)
    found = slots_between(anchor, period, first, last)
    assert all(first <= slot_day(anchor, period, n) <= last for n in found)
    assert slot_day(anchor, period, found.stop) > last
