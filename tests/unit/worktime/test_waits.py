"""Operators write waits in one notation, whatever the file is about."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.kernel.errors import Invalid
from shared.worktime import default_calendar
from shared.worktime.waits import Wait, parse_elapsed, parse_wait


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("10 seconds", Wait(10, "second")),
        ("30 minutes", Wait(30, "minute")),
        ("1 hour", Wait(1, "hour")),
        ("4 working hours", Wait(4, "hour", working=True)),
        ("2 working days", Wait(2, "day", working=True)),
        ("1.5 days", Wait(1.5, "day")),
        ("10s", Wait(10, "second")),
        ("30m", Wait(30, "minute")),
        ("24h", Wait(24, "hour")),
        ("7d", Wait(7, "day")),
        ("31622400 seconds", Wait(31_622_400, "second")),
    ],
)
def test_both_forms_are_read(text: str, wait: Wait) -> None:
    assert parse_wait(text) == wait


@pytest.mark.parametrize(
    "text",
    [
        "1.5 working days",
        "-1 hour",
        "0 hours",
        "0s",
        "400 days",
        "4",
        "4 weeks",
        "4w",
        "1h30m",
        "soon",
        "٣ days",
        4,
        None,
    ],
)
def test_what_is_no_wait_is_refused_with_the_remedy(text: object) -> None:
    with pytest.raises(Invalid, match="like `30 minutes`, `4 working hours`, `2 working days` or `30m`"):
        parse_wait(text)
    with pytest.raises(Invalid, match="like `30 minutes`, `7 days` or `24h`"):
        parse_elapsed(text)


def test_working_time_is_refused_where_it_cannot_be_counted() -> None:
    assert parse_elapsed("7 days") == parse_elapsed("7d") == Wait(7, "day")
    with pytest.raises(Invalid, match="counts working time; give a span of elapsed time, like `7 days`"):
        parse_elapsed("4 working hours")


FRIDAY = datetime(2026, 10, 16, 16, tzinfo=default_calendar().zone)


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("90 seconds", FRIDAY + timedelta(seconds=90)),
        ("2 days", FRIDAY + timedelta(days=2)),
        ("4 working hours", FRIDAY.replace(day=19, hour=11)),
        ("90 working minutes", FRIDAY.replace(hour=17, minute=30)),
        ("2 working days", FRIDAY.replace(day=20, hour=18)),
    ],
)
def test_a_wait_is_over(text: str, over: datetime) -> None:
    assert parse_wait(text).after(FRIDAY.astimezone(UTC), default_calendar()) == over
