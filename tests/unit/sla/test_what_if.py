"""What a wait would do to a deadline (SL-4, SL-8), before anybody begins one."""

from datetime import UTC, datetime

from services.sla.domain.derive import clocks
from services.sla.domain.what_if import Waiting, suppose, supposed_words
from tests.unit.sla.cases import PUBLICATIONS, a_case, at, wall

MONDAY = "2026-10-12 10:00"
HANDED = a_case(MONDAY).then("handed_over", MONDAY)


def derive(facts, now: datetime):
    return clocks(facts, PUBLICATIONS, now)


def supposed(case, name, since=None, until=None, now=MONDAY):
    waiting = Waiting(since and at(since), until and at(until))
    return suppose(case.facts, derive, case.only(name, now), waiting, at(now))


def test_a_wait_of_a_day_moves_three_working_days_by_a_day():
    told = supposed(HANDED, "opinion", "2026-10-13 10:00", "2026-10-14 10:00")
    assert wall(told.then.due_at) == "2026-10-16 18:00"
    assert told.waits
    assert supposed_words(told).en == (
        "opinion: if it waits from Tue 13 Oct 2026 10:00 to Wed 14 Oct 2026 10:00, "
        "it is due Fri 16 Oct 2026 18:00 instead of Thu 15 Oct 2026 18:00."
    )
    assert supposed_words(told).zh == (
        "处理意见：若自2026年10月13日10:00（周二）至2026年10月14日10:00（周三）等待，"
        "截止时间由2026年10月15日18:00（周四）改为2026年10月16日18:00（周五）。"
    )


def test_it_is_what_would_be_if_the_wait_were_recorded():
    waited = HANDED.then("waiting_started", "2026-10-13 10:00").then("waiting_ended", "2026-10-14 10:00")
    for name in ("opinion", "resolution", "progress", "warning_notice"):
        then = supposed(HANDED, name, "2026-10-13 10:00", "2026-10-14 10:00").then
        assert (then.due_at, then.pauses) == (waited.only(name).due_at, waited.only(name).pauses)


def test_a_wait_without_an_end_keeps_what_is_left():
    told = supposed(HANDED, "opinion", "2026-10-13 10:00")
    assert wall(told.then.due_at) == "2026-10-15 18:00"
    assert supposed_words(told).en == (
        "opinion: if it waits from Tue 13 Oct 2026 10:00, it stands still with 23 working hours left, "
        "and goes on from there."
    )


def test_a_night_costs_nothing():
    told = supposed(HANDED, "opinion", "2026-10-13 18:00", "2026-10-14 09:00")
    assert "it is due as before, Thu 15 Oct 2026 18:00" in supposed_words(told).en


def test_a_clock_that_never_waits():
    told = supposed(HANDED, "first_response", "2026-10-12 11:00", "2026-10-13 11:00")
    assert not told.waits
    assert supposed_words(told).en == "first response never waits; due Tue 13 Oct 2026 10:00 all the same."


def test_a_wait_that_goes_on_and_might_end():
    case = HANDED.then("waiting_started", "2026-10-13 10:00")
    told = supposed(case, "opinion", until="2026-10-20 10:00", now="2026-10-14 10:00")
    assert wall(told.then.due_at) == "2026-10-22 18:00"
    assert "from Tue 13 Oct 2026 10:00 to Tue 20 Oct 2026 10:00" in supposed_words(told).en


def test_a_wait_does_not_mend_what_is_overrun():
    told = supposed(HANDED, "opinion", "2026-10-15 18:00", "2026-10-19 10:00", now="2026-10-16 10:00")
    assert wall(told.then.due_at) == "2026-10-15 18:00"
    assert "overrun or waiting already when this wait begins" in supposed_words(told).en


def test_a_clock_that_has_ended():
    case = HANDED.then("opinion_given", "2026-10-13 10:00")
    told = supposed(case, "opinion", "2026-10-14 10:00", now="2026-10-14 10:00")
    assert supposed_words(told).en == "opinion has ended; a wait changes nothing."


def test_nothing_of_the_case_is_changed():
    before = HANDED.clocks()
    supposed(HANDED, "opinion", "2026-10-13 10:00", "2026-10-14 10:00")
    assert HANDED.clocks() == before
    assert HANDED.facts[0].at == datetime(2026, 10, 12, 2, tzinfo=UTC)
