"""Instants on the wire: RFC 3339 with offset, nothing else (contracts 2)."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.errors import Invalid
from shared.kernel.instants import format_instant, parse_instant, require_aware

OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


FIRST, LAST = datetime.fromisoformat("0001-01-02"), datetime.fromisoformat("9999-12-30")
NAIVE = datetime.fromisoformat("2026-10-09")


@given(st.datetimes(min_value=FIRST, max_value=LAST, timezones=OFFSETS))
def test_what_is_written_is_read_again(instant: datetime) -> None:
    assert parse_instant(format_instant(instant)) == instant
    assert parse_instant(instant.isoformat()) == instant


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-10-09T22:00:00+08:00", datetime(2026, 10, 9, 14, tzinfo=UTC)),
        ("2026-10-09T14:00:00Z", datetime(2026, 10, 9, 14, tzinfo=UTC)),
        ("2026-10-09t14:00:00z", datetime(2026, 10, 9, 14, tzinfo=UTC)),
        ("2026-10-09 14:00:00-00:00", datetime(2026, 10, 9, 14, tzinfo=UTC)),
        ("2026-10-09T14:00:00.5Z", datetime(2026, 10, 9, 14, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-10-09T14:00:00.123456789Z", datetime(2026, 10, 9, 14, 0, 0, 123_456, tzinfo=UTC)),
    ],
)
def test_every_legal_spelling_is_read(text: str, instant: datetime) -> None:
    assert parse_instant(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-10-09",
        "2026-10-09T14:00:00",
        "2026-10-09T14:00Z",
        "2026-10-09T14:00:00+0800",
        "2026-02-30T14:00:00Z",
        "2026-10-09T24:30:00Z",
        "2026-10-09T14:00:60Z",
        "2026-10-09T14:00:00+24:00",
        "2026-10-09T14:00:00Z\n",
        "٢٠٢٦-10-09T14:00:00Z",
        "0001-01-01T00:00:00+08:00",
        "9999-12-31T23:59:59-08:00",
    ],
)
def test_everything_else_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_instant(text, "visit_at")
    assert list(refused.value.detail) == ["visit_at"]


@pytest.mark.parametrize("value", [None, 5, True, ["2026-10-09T14:00:00Z"]])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(Invalid):
        parse_instant(value)  # type: ignore[arg-type]


def test_the_offset_written_is_the_zones_at_that_instant() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert format_instant(datetime(2026, 7, 1, tzinfo=UTC), berlin).endswith("+02:00")
    assert format_instant(datetime(2026, 12, 1, tzinfo=UTC), berlin).endswith("+01:00")


def test_naive_ones_are_refused() -> None:
    with pytest.raises(Invalid):
        require_aware(NAIVE)
    with pytest.raises(Invalid):
        format_instant(NAIVE)
