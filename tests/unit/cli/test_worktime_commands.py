"""Working time at the desk: the worked examples, other calendars, and the strip of days."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from shared.cli.main import build
from shared.cli.strip import PLAIN, Drawing, strip
from shared.cli.worktime.calendars import calendar_of, parse_hours
from shared.kernel.errors import Invalid


def run(*words: str):
    return CliRunner().invoke(build(["worktime"]), ["worktime", *words])


@pytest.mark.parametrize(
    ("start", "limit", "more", "due"),
    [
        ("2026-10-09T22:00", "same-day", [], "2026-10-10T18:00:00+08:00"),
        ("2026-10-09T22:00", "3d", [], "2026-10-13T18:00:00+08:00"),
        ("2026-10-09T22:00", "5d", [], "2026-10-15T18:00:00+08:00"),
        ("2026-10-09T22:00", "8h", [], "2026-10-10T18:00:00+08:00"),
        ("2026-10-09T22:00", "72h", ["--on-workdays"], "2026-10-13T22:00:00+08:00"),
        ("2026-10-09T22:00", "3d", ["--on-workdays"], "2026-10-13T22:00:00+08:00"),
        ("2026-10-10T12:30", "8h", [], "2026-10-12T12:00:00+08:00"),
        ("2026-09-30T17:30", "8h", [], "2026-10-08T17:30:00+08:00"),
        ("2026-09-30T09:30:00Z", "8h", [], "2026-10-08T17:30:00+08:00"),
        ("2026-07-02T16:00", "8h", ["--zone", "America/New_York", "--country", "us"], "2026-07-06T16:00:00-04:00"),
        ("2026-07-02T16:00", "8h", ["--zone", "America/New_York"], "2026-07-03T16:00:00-04:00"),
        ("2026-10-01T09:00", "2h", ["--country", "none"], "2026-10-01T11:00:00+08:00"),
        (
            "2026-10-10T08:00",
            "9h",
            ["--country", "none", "--hours", "sat 10:00-16:00; sun 10:00-16:00"],
            "2026-10-11T13:00:00+08:00",
        ),
    ],
)
def test_when_a_limit_ends(start, limit, more, due):
    told = json.loads(run("add", start, limit, "--json", *more).output)
    assert told["due"] == due
    explained = json.loads(run("explain", start, limit, "--json", *more).output)
    assert explained["due"] == due


def test_how_much_working_time_lies_between():
    told = json.loads(run("between", "2026-09-30T17:30", "2026-10-08T10:00", "--json").output)
    assert told["working_seconds"] == 5400
    assert run("between", "2026-10-08T10:00", "2026-09-30T17:30").output == "-1h 30m of working time\n"


def test_a_strip_shows_what_was_counted_in_each_day():
    drawn = run("explain", "2026-09-30T17:30", "3d").output.splitlines()
    by_day = {line[4:14]: line for line in drawn if line[4:6] == "20"}
    assert "holiday" in by_day["2026-10-01"]
    assert "day off" in by_day["2026-10-03"]
    assert by_day["2026-10-10"][14] == "*"
    assert "█" not in by_day["2026-09-30"]
    assert by_day["2026-10-08"].count("█") == 16
    assert by_day["2026-10-10"].split()[-2:] == ["8h", "24h"]
    assert max(map(len, drawn[1:])) <= 80
    assert drawn[-1] == "Ends Sat 2026-10-10 18:00:00 +08:00"


def test_a_night_shift_is_drawn_on_both_its_days():
    drawn = run("explain", "2026-10-12T20:00", "8h", "--country", "none", "--hours", "mon-fri 22:00-06:00").output
    bars = [line[15:63] for line in drawn.splitlines() if line[4:6] == "20"]
    assert [bar.count("█") for bar in bars] == [4, 12]


def test_what_reaches_into_an_unannounced_year_is_provisional():
    assert "provisional" in run("add", "2099-01-01T09:00", "3d").output


def test_many_days_are_drawn_by_the_week():
    drawn = run("explain", "2026-01-05T09:00", "55d").output.splitlines()
    weeks = {line[4:14]: line for line in drawn if line[4:6] == "20"}
    assert len(weeks) == 12
    assert "█" not in weeks["2026-02-16"]  # Chinese New Year
    assert weeks["2026-02-09"].split()[-2:] == ["48h", "240h"]  # six days: the Saturday is a make-up day
    assert weeks["2026-03-23"].endswith("440h")
    assert max(map(len, drawn[1:])) <= 80


def test_plain_ascii_when_it_is_asked_for():
    drawn = run("explain", "2026-09-30T17:30", "3d", "--ascii").output
    assert drawn.isascii()
    assert "# counted  - open, not counted  = waiting  . closed  * make-up day" in drawn


def test_a_wait_and_a_day_of_another_length_are_drawn():
    """Sunday has 23 hours: 02:00 to 03:00 is skipped, and all of it is counted."""
    zone = ZoneInfo("America/New_York")

    def instant(day, hour):
        return datetime(2026, 3, day, hour, tzinfo=zone).astimezone(UTC)

    counted = [(instant(7, 12), instant(7, 18)), (instant(8, 0), instant(9, 0))]
    waits = [(instant(7, 18), instant(8, 0))]
    text = strip(Drawing(zone, instant(7, 12), instant(9, 0), counted, waited=waits), PLAIN).plain.splitlines()
    assert text[1] == "Sat 2026-03-07 " + "." * 24 + "#" * 12 + "=" * 12 + "     6h       6h"
    assert text[2] == "Sun 2026-03-08 " + "#" * 48 + "    23h      29h"


def test_very_long_limits_are_not_drawn_to_the_end():
    assert "the rest is not drawn" in run("explain", "2026-01-05T09:00", "500d").output


@pytest.mark.parametrize(
    "words",
    [
        ("add", "soon", "8h"),
        ("add", "2026-10-09T22:00", "much"),
        ("add", "2026-10-09T22:00", "8h", "--zone", "Mars/Base"),
        ("add", "2026-10-09T22:00", "8h", "--country", "XX"),
        ("add", "2026-10-09T22:00", "8h", "--hours", "weekdays 9-5"),
        ("add", "2026-10-09T22:00", "8h", "--hours", "mon 12:00-09:00,10:00-11:00"),
    ],
)
def test_what_is_wrong_is_refused(words):
    assert isinstance(run(*words).exception, Invalid)


def test_hours_are_read_by_day():
    assert parse_hours("fri-sun 09:00-12:00, 13:00-15:00") == {
        day: [("09:00", "12:00"), ("13:00", "15:00")] for day in ("fri", "sat", "sun")
    }
    assert list(parse_hours("sat-mon 09:00-12:00")) == ["sat", "sun", "mon"]
    assert calendar_of(None, None, None).zone.key == "Asia/Shanghai"
