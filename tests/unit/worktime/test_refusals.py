"""What is refused, naming the field and the remedy; every problem at once."""

from datetime import UTC, date, datetime

import pytest

from shared.kernel.errors import Invalid
from shared.worktime import WorkCalendar, default_calendar

CN = default_calendar()
NOW = datetime(2026, 10, 9, 14, tzinfo=UTC)
NAIVE = datetime(2026, 10, 9, 14)  # noqa: DTZ001 the very thing that must be refused
MONDAY = {"mon": [("09:00", "17:00")]}


@pytest.mark.parametrize(
    "ask",
    [
        lambda: CN.add(NAIVE, 60),
        lambda: CN.between(NAIVE, NOW),
        lambda: CN.between(NOW, NAIVE),
        lambda: CN.add_days(NAIVE, 1),
        lambda: CN.end_of_day(NAIVE),
        lambda: CN.close_of(NAIVE),
        lambda: CN.add_on_workdays(NAIVE, 60),
        lambda: CN.is_open(NAIVE),
        lambda: CN.provisional(NAIVE),
        lambda: CN.spans(NAIVE, NOW),
        lambda: CN.add(date(2026, 10, 9), 60),
        lambda: CN.add("2026-10-09T14:00:00Z", 60),
    ],
)
def test_instants_without_zone_are_refused(ask):
    with pytest.raises(Invalid, match=r"instant: .* has no time zone: give a datetime with a zone") as refused:
        ask()
    assert isinstance(refused.value, ValueError)
    assert list(refused.value.detail) == ["instant"]


@pytest.mark.parametrize("seconds", [-1, -0.5, float("nan"), float("inf"), "60", None, True])
def test_limits_that_are_no_length_of_time_are_refused(seconds):
    with pytest.raises(Invalid, match=r"seconds: .* is no limit: give a number of seconds, 0 or more"):
        CN.add(NOW, seconds)
    with pytest.raises(Invalid, match="seconds: "):
        CN.add_on_workdays(NOW, seconds)


@pytest.mark.parametrize("n", [-1, 1.0, "1", True])
def test_numbers_of_days_that_are_none_are_refused(n):
    with pytest.raises(Invalid, match=r"n: .* is no number of days"):
        CN.add_days(NOW, n)


@pytest.mark.parametrize("day", [NOW, "2026-10-09", None])
def test_days_that_are_none_are_refused(day):
    with pytest.raises(Invalid, match=r"day: .* is no date"):
        CN.is_workday(day)
    with pytest.raises(Invalid, match=r"day: .* is no date"):
        CN.close_of_day(day)


@pytest.mark.parametrize(
    "arguments",
    [
        {"hours": {}},
        {"hours": {"mon": []}},
        {"hours": {"mon": None}, "day_hours": {date(2026, 10, 9): []}},
        {"hours": {}, "workdays": [date(2026, 10, 10)]},
    ],
)
def test_a_calendar_without_any_working_time_is_refused(arguments):
    with pytest.raises(Invalid, match="hours: no day has working time: give at least one span"):
        WorkCalendar("Asia/Shanghai", **arguments)


def test_a_search_that_finds_no_more_working_time_ends_in_a_refusal():
    once = WorkCalendar("Asia/Shanghai", hours={}, day_hours={date(2026, 10, 9): [("09:00", "12:00")]})
    assert once.between(datetime(1950, 1, 1, tzinfo=UTC), datetime(2250, 1, 1, tzinfo=UTC)) == 3 * 3600
    for ask in (lambda: once.add(NOW, 1), lambda: once.add(NOW, 0), lambda: once.end_of_day(NOW)):
        with pytest.raises(Invalid, match="instant: no working time is left for this before the year 2300"):
            ask()


@pytest.mark.parametrize("instant", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_the_ends_of_time_are_refused(instant):
    for ask in (
        CN.is_open,
        CN.end_of_day,
        lambda instant: CN.between(NOW, instant),
        lambda a: CN.add(a, 60),
        CN.provisional,
    ):
        with pytest.raises(Invalid, match="outside the years 1900 to 2299"):
            ask(instant)


def test_a_limit_beyond_the_end_is_refused():
    with pytest.raises(Invalid, match="check the instant, the limit and the calendar"):
        CN.add(NOW, 10**12)
    with pytest.raises(Invalid, match="check the instant, the limit and the calendar"):
        CN.add_days(NOW, 10**6)


@pytest.mark.parametrize(
    ("spans", "why"),
    [
        ([("13:00", "18:00"), ("09:00", "12:00")], "09:00.* begins before .*13:00.* ends: put spans in order"),
        ([("09:00", "12:30"), ("12:00", "18:00")], "without overlap"),
        ([("22:00", "06:00"), ("23:00", "24:00")], "without overlap"),
        ([("22:00", "06:00"), ("08:00", "12:00")], "put spans in order"),
        ([("09:00", "09:00")], "is empty: close later than you open"),
        ([("24:00", "06:00")], "is empty"),
        ([("9:00", "12:00")], "'9:00' is no time of day"),
        ([("09:00", "24:30")], "'24:30' is no time of day"),
        ([("09:00", "12:00:00")], "no time of day"),
        ([("٠٩:٠٠", "12:00")], "no time of day"),
        ([(540, 720)], "540 is no time of day.*quoted in YAML"),
        (["09:00-12:00"], "must be a pair"),
        ([("09:00",)], "must be a pair"),
        ([7], "must be a pair"),
        ("09:00-12:00", "must be a list of spans"),
        ("", "must be a list of spans"),
        (0, "must be a list of spans"),
        (7, "must be a list of spans"),
    ],
)
def test_spans_that_make_no_sense_are_refused(spans, why):
    with pytest.raises(Invalid, match=why) as refused:
        WorkCalendar("UTC", hours={"tue": spans})
    assert all(path.startswith("hours.tue") for path in refused.value.detail)
    with pytest.raises(Invalid, match=why):
        WorkCalendar("UTC", hours=MONDAY, day_hours={date(2026, 10, 9): spans})


def test_touching_spans_are_legal():
    touching = WorkCalendar("UTC", hours={"mon": [("09:00", "12:00"), ("12:00", "24:00")], "tue": [("00:00", "01:00")]})
    assert len(touching.spans(NOW, datetime(2026, 10, 13, 12, tzinfo=UTC))) == 1


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"hours": {"mon": [("22:00", "06:00")], "tue": [("05:00", "06:00")]}}, "hours.mon"),
        ({"hours": {"sun": [("22:00", "06:00")], "mon": [("05:00", "06:00")]}}, "hours.sun"),
        ({"hours": {"sun": [("22:00", "09:00")], "wed": [("08:00", "20:00")]}, "day_hours": {
            date(2026, 10, 12): [("08:00", "12:00")]}}, "day_hours.2026-10-12"),
        ({"hours": {"mon": [("10:00", "09:30")], "wed": [("08:00", "20:00")]}, "workdays": [
            date(2026, 10, 13)]}, "workdays.2026-10-13"),
    ],
)  # fmt: skip
def test_a_night_that_runs_into_the_next_days_hours_is_refused(arguments, path):
    with pytest.raises(Invalid) as refused:
        WorkCalendar("UTC", **arguments)
    assert list(refused.value.detail) == [path]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "Asia", "../etc/passwd", None, 8, UTC])
def test_zones_that_are_none_are_refused(zone):
    with pytest.raises(Invalid, match=r"zone: .* is no time zone: give an IANA name such as Asia/Shanghai"):
        WorkCalendar(zone, hours=MONDAY)


def test_every_problem_is_told_at_once():
    row = {
        "zone": "Nowhere",
        "hours": {"monday": [], "tue": [["18:00", "9:00"]]},
        "holidays": ["2026-13-01", "20261001", 7],
        "workdays": "2026-10-10",
        "day_hours": {"tomorrow": [], "2026-10-10": [["10:00"]]},
        "known_until": "1066-10-14",
        "country": 86,
    }
    with pytest.raises(Invalid) as refused:
        WorkCalendar.from_dict(row)
    assert sorted(refused.value.detail) == [
        "country", "day_hours.2026-10-10.0", "day_hours.tomorrow", "holidays.0", "holidays.1", "holidays.2",
        "hours.monday", "hours.tue.0", "known_until", "workdays", "zone",
    ]  # fmt: skip
    assert "hours.monday: is no day of the week: use mon, tue" in refused.value.message


@pytest.mark.parametrize(
    ("row", "path"),
    [
        (None, "calendar"),
        ([], "calendar"),
        ({"zone": "UTC", "hours": MONDAY, "colour": "red"}, "colour"),
        ({"zone": "UTC", "hours": [MONDAY]}, "hours"),
        ({"zone": "UTC", "hours": MONDAY, "day_hours": []}, "day_hours"),
        ({"zone": "UTC", "hours": MONDAY, "holidays": 7}, "holidays"),
        ({"zone": "UTC", "hours": MONDAY, "country": "XX"}, "country"),
        ({"zone": "UTC", "hours": MONDAY, "subdivision": "BY"}, "country"),
    ],
)
def test_a_row_with_a_wrong_field_is_refused_by_its_name(row, path):
    with pytest.raises(Invalid) as refused:
        WorkCalendar.from_dict(row)
    assert list(refused.value.detail) == [path]
