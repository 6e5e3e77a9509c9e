"""Durations as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.cli.durations import parse_duration, short_duration, working_hours
from shared.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90m", timedelta(minutes=90)),
        ("3d", timedelta(days=3)),
        ("1h30m", timedelta(minutes=90)),
        ("1h 30m", timedelta(minutes=90)),
        ("2w", timedelta(weeks=2)),
        ("1d2h3m4s", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("PT1H30M", timedelta(minutes=90)),
        ("P3D", timedelta(days=3)),
        ("P1DT12H", timedelta(days=1.5)),
        ("P2W", timedelta(weeks=2)),
        ("0s", timedelta()),
    ],
)
def test_what_is_a_duration(text, expected):
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "3", "-3d", "3 days", "1.5h", "30m1h", "P1H", "9" * 30 + "d", "d", "١h x"]
)
def test_what_is_none(text):
    with pytest.raises(Invalid, match="duration: "):
        parse_duration(text)


@given(st.integers(0, 10**6), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_both_ways_of_writing_mean_the_same(days, hours, minutes, seconds):
    expected = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    assert parse_duration(f"{days}d{hours}h{minutes}m{seconds}s") == expected
    assert parse_duration(f"P{days}DT{hours}H{minutes}M{seconds}S") == expected


@pytest.mark.parametrize(
    ("seconds", "short", "working"),
    [
        (0, "0s", "0h 00m"),
        (59, "59s", "0h 00m"),
        (5400, "1h 30m", "1h 30m"),
        (90_000, "1d 1h", "25h 00m"),
        (-5400, "-1h 30m", "-1h 30m"),
    ],
)
def test_how_they_are_shown(seconds, short, working):
    assert short_duration(seconds) == short
    assert working_hours(seconds) == working
