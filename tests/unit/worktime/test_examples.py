"""The worked examples of the requirements, and others as plain to read."""

from datetime import date, datetime, timedelta

import pytest

from shared.worktime import WorkCalendar, default_calendar

HOUR = 3600
CN = default_calendar()


def cn(text: str) -> datetime:
    return datetime.strptime(f"2026 {text} +0800", "%Y %a %d %b %H:%M %z")


SAME_DAY, DAYS, HOURS, ELAPSED, ON_WORKDAYS = "same day", "working days", "working hours", "elapsed", "on working days"
EXAMPLES = [
    # received           measure          limit  due
    ("Fri 09 Oct 22:00", SAME_DAY, 0, "Sat 10 Oct 18:00"),  # a make-up day
    ("Fri 09 Oct 22:00", DAYS, 3, "Tue 13 Oct 18:00"),
    ("Fri 09 Oct 22:00", DAYS, 5, "Thu 15 Oct 18:00"),
    ("Fri 09 Oct 22:00", HOURS, 8, "Sat 10 Oct 18:00"),
    ("Fri 09 Oct 22:00", ON_WORKDAYS, 72, "Tue 13 Oct 22:00"),
    ("Sat 10 Oct 12:30", SAME_DAY, 0, "Sat 10 Oct 18:00"),  # in a break
    ("Sat 10 Oct 12:30", HOURS, 8, "Mon 12 Oct 12:00"),  # used up at closing time: not 13:00
    ("Sat 10 Oct 12:30", ON_WORKDAYS, 72, "Wed 14 Oct 12:30"),
    ("Mon 12 Oct 07:30", SAME_DAY, 0, "Mon 12 Oct 18:00"),  # before opening
    ("Mon 12 Oct 07:30", DAYS, 3, "Thu 15 Oct 18:00"),
    ("Wed 30 Sep 17:30", SAME_DAY, 0, "Wed 30 Sep 18:00"),
    ("Wed 30 Sep 17:30", DAYS, 3, "Sat 10 Oct 18:00"),  # over National Day
    ("Wed 30 Sep 17:30", DAYS, 5, "Tue 13 Oct 18:00"),
    ("Wed 30 Sep 17:30", HOURS, 8, "Thu 08 Oct 17:30"),
    ("Wed 30 Sep 17:30", ELAPSED, 24, "Thu 01 Oct 17:30"),
    ("Wed 30 Sep 17:30", ON_WORKDAYS, 72, "Sat 10 Oct 17:30"),
]
COUNT = {
    SAME_DAY: lambda start, _: CN.end_of_day(start),
    DAYS: CN.add_days,
    HOURS: lambda start, hours: CN.add(start, hours * HOUR),
    ELAPSED: lambda start, hours: start + timedelta(hours=hours),
    ON_WORKDAYS: lambda start, hours: CN.add_on_workdays(start, hours * HOUR),
}


@pytest.mark.parametrize(("received", "measure", "limit", "due"), EXAMPLES)
def test_worked_examples(received, measure, limit, due):
    assert COUNT[measure](cn(received), limit) == cn(due)


def test_closing_time_is_closed_and_opening_time_is_open():
    assert not CN.is_open(cn("Mon 12 Oct 08:59"))
    assert CN.is_open(cn("Mon 12 Oct 09:00"))
    assert not CN.is_open(cn("Mon 12 Oct 12:00"))
    assert not CN.is_open(cn("Mon 12 Oct 18:00"))


def test_at_closing_time_the_same_day_is_the_next_working_day():
    assert CN.end_of_day(cn("Fri 16 Oct 18:00")) == cn("Mon 19 Oct 18:00")
    assert CN.close_of(cn("Fri 16 Oct 18:00")) == cn("Fri 16 Oct 18:00")


def test_a_last_day_that_is_a_day_off_moves_to_the_next_working_day():
    assert CN.close_of_day(date(2026, 10, 1)) == cn("Thu 08 Oct 18:00")
    assert CN.close_of_day(date(2026, 10, 8)) == cn("Thu 08 Oct 18:00")


def test_spans_tell_what_was_counted():
    spans = CN.spans(cn("Wed 30 Sep 17:30"), cn("Thu 08 Oct 17:30"))
    assert spans == [
        (cn("Wed 30 Sep 17:30"), cn("Wed 30 Sep 18:00")),
        (cn("Thu 08 Oct 09:00"), cn("Thu 08 Oct 12:00")),
        (cn("Thu 08 Oct 13:00"), cn("Thu 08 Oct 17:30")),
    ]


def test_a_half_day_and_a_worked_holiday_by_their_own_hours():
    week = {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
    eve, christmas, boxing = date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 28)
    berlin = WorkCalendar(
        "Europe/Berlin",
        hours=week,
        holidays=[christmas, boxing],
        day_hours={eve: [("09:00", "12:00")], boxing: [("10:00", "11:00")]},
    )
    start = datetime(2026, 12, 24, 11, tzinfo=berlin.zone)
    assert berlin.end_of_day(start) == datetime(2026, 12, 24, 12, tzinfo=berlin.zone)
    assert berlin.add(start, 2 * HOUR) == datetime(2026, 12, 28, 11, tzinfo=berlin.zone)
    assert not berlin.is_workday(christmas)
    assert berlin.is_workday(boxing)


NIGHT = WorkCalendar("Asia/Shanghai", hours={day: [("22:00", "06:00")] for day in ("mon", "tue", "wed")})


def test_an_hour_past_midnight_belongs_to_the_day_it_began():
    assert NIGHT.end_of_day(cn("Tue 13 Oct 02:00")) == cn("Tue 13 Oct 06:00")
    assert NIGHT.add_days(cn("Tue 13 Oct 02:00"), 1) == cn("Wed 14 Oct 06:00")
    assert NIGHT.add_days(cn("Tue 13 Oct 07:00"), 1) == cn("Thu 15 Oct 06:00")
    assert NIGHT.is_open(cn("Thu 15 Oct 05:59"))
    assert not NIGHT.is_workday(date(2026, 10, 15))


def test_a_night_shift_goes_on_into_a_holiday():
    holiday = WorkCalendar("Asia/Shanghai", hours={"mon": [("22:00", "06:00")]}, holidays=[date(2026, 10, 13)])
    assert holiday.end_of_day(cn("Mon 12 Oct 23:00")) == cn("Tue 13 Oct 06:00")


def test_a_make_up_day_has_mondays_hours():
    calendar = WorkCalendar(
        "Asia/Shanghai",
        hours={"mon": [("08:00", "10:00")], "sat": [("12:00", "13:00")]},
        holidays=[date(2026, 10, 10)],
        workdays=[date(2026, 10, 10), date(2026, 10, 11)],
        day_hours={date(2026, 10, 11): [("15:00", "16:00")]},
    )
    assert calendar.end_of_day(cn("Sat 10 Oct 00:00")) == cn("Sat 10 Oct 10:00")
    assert calendar.end_of_day(cn("Sun 11 Oct 00:00")) == cn("Sun 11 Oct 16:00")
