"""Why a clock is due when it is (SL-8): every span that counts, every day that does not, in words and as data."""

from datetime import date

from services.sla.domain.explain import DayOff, explain
from services.sla.domain.words import explanation_words
from tests.unit.sla.cases import CN, a_case, wall


def spans(explanation):
    return [(wall(begin), wall(end)) for begin, end in explanation.counted]


def words(clock):
    return explanation_words(explain(clock))


def test_working_hours_over_a_make_up_day():
    clock = a_case("2026-10-10 16:30", verifiable=False).only("investigation", "2026-10-10 16:30")
    told = explain(clock)
    assert spans(told) == [
        ("2026-10-10 16:30", "2026-10-10 18:00"),
        ("2026-10-12 09:00", "2026-10-12 12:00"),
        ("2026-10-12 13:00", "2026-10-12 16:30"),
    ]
    assert told.days_off == [(date(2026, 10, 11), DayOff.WEEKEND)]
    assert told.make_up_days == [date(2026, 10, 10)]


def test_working_days_over_national_day():
    case = a_case("2026-09-30 17:30").then("handed_over", "2026-09-30 17:30")
    told = explain(case.only("opinion", "2026-09-30 17:30"))
    assert [begin for begin, _ in spans(told)][::2] == ["2026-10-08 09:00", "2026-10-09 09:00", "2026-10-10 09:00"]
    assert [day.day for day, _ in told.days_off] == [1, 2, 3, 4, 5, 6, 7]
    assert {why for _, why in told.days_off} == {DayOff.HOLIDAY, DayOff.WEEKEND}


def test_hours_on_working_days_are_whole_days():
    clock = a_case("2026-10-09 22:00").only("progress", "2026-10-09 22:00")
    assert spans(explain(clock)) == [
        ("2026-10-09 22:00", "2026-10-11 00:00"),
        ("2026-10-12 00:00", "2026-10-13 22:00"),
    ]


def test_what_is_counted_is_the_limit():
    for clock in a_case("2026-09-30 17:30", verifiable=False).clocks("2026-09-30 17:30"):
        if clock.limit.seconds is not None:
            assert sum((end - begin).total_seconds() for begin, end in explain(clock).counted) == clock.limit.seconds


def test_a_pause_is_cut_out():
    case = a_case("2026-10-12 10:00", kind="accident")
    waited = case.then("waiting_started", "2026-10-13 10:00").then("waiting_ended", "2026-10-13 16:00")
    told = explain(waited.only("progress", "2026-10-13 17:00"))
    assert spans(told) == [("2026-10-12 10:00", "2026-10-13 10:00"), ("2026-10-13 16:00", "2026-10-15 16:00")]
    assert words(told.clock).en == (
        "progress: from Mon 12 Oct 2026 10:00, 72 hours of elapsed time, 6 hours of waiting not counted; "
        "due Thu 15 Oct 2026 16:00."
    )


def test_a_wait_of_seconds_is_not_worth_a_word():
    case = a_case("2026-10-12 10:00", kind="accident")
    waited = case.then("waiting_started", "2026-10-13 10:00:00").then("waiting_ended", "2026-10-13 10:00:20")
    assert "waiting" not in words(waited.only("progress", "2026-10-13 17:00")).en


def test_one_hour_is_no_hours():
    clock = a_case("2026-10-12 10:00", severity="major").only("major_report", "2026-10-12 10:00")
    assert "1 hour of elapsed time" in words(clock).en


def test_a_clock_that_stands_still_says_since_when():
    case = a_case("2026-10-12 10:00").then("waiting_started", "2026-10-13 10:00")
    assert "standing still since Tue 13 Oct 2026 10:00" in words(case.only("resolution")).en


def test_both_languages():
    case = a_case("2026-10-09 22:00").then("handed_over", "2026-10-09 22:00")
    told = words(case.only("opinion", "2026-10-09 22:00"))
    assert told.zh == (
        "处理意见：自2026年10月9日22:00（周五）起，3个工作日，起算当日不计，至最后一日下班时止，"
        "其间1个休息日不计，1个调休上班日计入；截止2026年10月13日18:00（周二）。"
    )
    assert told.en == (
        "opinion: from Fri 9 Oct 2026 22:00, 3 working days, not counting the day it starts, to the close of the "
        "last one, 1 day off not counted, 1 make-up day counted; due Tue 13 Oct 2026 18:00."
    )


def test_a_provisional_deadline_says_so():
    case = a_case(f"{CN.work.known_until.year}-12-31 10:00")
    assert "provisional" in words(case.only("resolution", "2026-10-12 10:00")).en


def test_a_very_long_clock_is_cut():
    case = a_case("2026-10-12 10:00").then("promised", "2026-10-12 10:00", key="P", due="2126-10-12 10:00")
    told = explain(case.only("commitment", "2026-10-12 10:00"))
    assert told.cut
    assert len(told.counted) == 1


def test_a_deadline_before_its_start_counts_nothing():
    case = a_case("2026-10-12 10:00").then("promised", "2026-10-12 10:00", key="P", due="2026-10-11 10:00")
    assert explain(case.only("commitment")).counted == []
