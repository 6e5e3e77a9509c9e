"""Time is cut at midnight on the wall, without gaps and overlaps (SL-9)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sla.domain.periods import Period, Span, cut
from tests.unit.sla.cases import SHANGHAI, at, wall


@pytest.mark.parametrize(
    ("period", "names"),
    [
        ("day", ["2026-12-30", "2026-12-31", "2027-01-01"]),
        ("week", ["2026-W53"]),
        ("month", ["2026-12", "2027-01"]),
        ("quarter", ["2026-Q4", "2027-Q1"]),
    ],
)
def test_names(period, names):
    whole = Span(at("2026-12-30 10:00"), at("2027-01-01 12:00"))
    assert [span.name for span in cut(whole, Period(period), SHANGHAI)] == names


def test_the_first_and_the_last_are_as_long_as_the_time():
    spans = list(cut(Span(at("2026-01-15 10:00"), at("2026-03-02 00:00")), Period.MONTH, SHANGHAI))
    assert [(wall(span.begin), wall(span.end)) for span in spans] == [
        ("2026-01-15 10:00", "2026-02-01 00:00"),
        ("2026-02-01 00:00", "2026-03-01 00:00"),
        ("2026-03-01 00:00", "2026-03-02 00:00"),
    ]


@given(
    st.integers(0, 2000),
    st.integers(1, 4000),
    st.sampled_from(list(Period)),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]),
)
@settings(max_examples=60, deadline=None)
def test_no_gap_no_overlap(first_hour, hours, period, zone):
    begin = datetime(2025, 12, 1, tzinfo=UTC) + timedelta(hours=first_hour)
    whole = Span(begin, begin + timedelta(hours=hours))
    spans = list(cut(whole, period, ZoneInfo(zone)))
    assert (spans[0].begin, spans[-1].end) == (whole.begin, whole.end)
    assert all(one.end == following.begin for one, following in pairwise(spans))
    assert len({span.name for span in spans}) == len(spans)
