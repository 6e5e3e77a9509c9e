"""Waiting for the customer (SL-4): time already used is kept exactly, each limit moves in its own measure."""

import pytest

from services.sla.domain.clock import State
from tests.unit.sla.cases import CN, a_case, at, wall

HOUR = 3600
HANDED = a_case("2026-10-12 10:00").then("handed_over", "2026-10-12 10:00")


def waiting(case, begin, end):
    return case.then("waiting_started", begin).then("waiting_ended", end)


@pytest.mark.parametrize(
    ("begin", "end", "due"),
    [
        ("2026-10-13 10:00", "2026-10-13 11:00", "2026-10-16 18:00"),  # an hour more than Thursday's close: Friday's
        ("2026-10-13 10:00", "2026-10-14 10:00", "2026-10-16 18:00"),  # eight working hours: exactly Friday's close
        ("2026-10-13 10:00", "2026-10-14 10:01", "2026-10-19 18:00"),  # a minute more: Monday
        ("2026-10-13 18:00", "2026-10-14 09:00", "2026-10-15 18:00"),  # a night costs nothing
        ("2026-10-13 12:00", "2026-10-13 13:00", "2026-10-15 18:00"),  # nor does lunch
        ("2026-10-13 19:00", "2026-10-14 09:30", "2026-10-16 18:00"),  # begins outside working time, ends within
    ],
)
def test_working_days_move_by_the_working_time_of_the_wait_and_end_at_a_close(begin, end, due):
    assert wall(waiting(HANDED, begin, end).only("opinion").due_at) == due


def test_several_waits_add_up_before_the_day_is_closed():
    case = waiting(waiting(HANDED, "2026-10-13 10:00", "2026-10-13 14:00"), "2026-10-14 09:00", "2026-10-14 14:00")
    assert wall(case.only("opinion").due_at) == "2026-10-16 18:00"  # 3 + 4 hours: within one day


def test_a_wait_over_national_day_costs_only_working_time():
    case = a_case("2026-09-28 10:00").then("handed_over", "2026-09-28 10:00")
    waited = waiting(case, "2026-09-30 17:00", "2026-10-08 10:00")
    assert wall(case.only("opinion").due_at) == "2026-10-08 18:00"
    assert wall(waited.only("opinion").due_at) == "2026-10-09 18:00"


def test_hours_on_working_days_move_by_their_own_hours():
    case = waiting(a_case("2026-10-16 12:00"), "2026-10-16 18:00", "2026-10-19 06:00")
    assert wall(a_case("2026-10-16 12:00").only("progress").due_at) == "2026-10-21 12:00"
    assert wall(case.only("progress").due_at) == "2026-10-22 00:00"  # six hours of Friday, six of Monday


def test_elapsed_hours_move_by_the_elapsed_time():
    case = waiting(a_case("2026-10-16 12:00", kind="accident"), "2026-10-16 18:00", "2026-10-19 06:00")
    assert wall(case.only("progress").due_at) == "2026-10-22 00:00"  # three days and 60 hours


@pytest.mark.parametrize("name", ["opinion", "warning_notice", "progress", "resolution"])
def test_clocks_that_wait(name):
    assert HANDED.then("waiting_started", "2026-10-13 10:00").only(name).state is State.PAUSED


@pytest.mark.parametrize("name", ["first_response"])
def test_clocks_that_never_wait(name):
    assert HANDED.then("waiting_started", "2026-10-12 11:00").only(name, "2026-10-12 12:00").state is State.RUNNING


def test_unverified_opinion_waits_and_investigation_does_not():
    case = a_case("2026-10-12 10:00", verifiable=False).then("waiting_started", "2026-10-12 11:00")
    states = case.states("2026-10-12 12:00")
    assert (states["opinion_unverified"], states["investigation"]) == ("paused", "running")


def test_while_paused_the_due_instant_keeps_its_last_value_and_nothing_is_breached():
    paused = HANDED.then("waiting_started", "2026-10-13 10:00").only("opinion", now="2026-12-01 10:00")
    assert (paused.state, wall(paused.due_at)) == (State.PAUSED, "2026-10-15 18:00")


def test_a_stop_during_a_wait_ends_the_wait():
    case = HANDED.then("waiting_started", "2026-10-13 10:00").then("opinion_given", "2026-10-20 10:00")
    opinion = case.only("opinion")
    assert opinion.state is State.MET
    assert wall(opinion.due_at) == "2026-10-22 18:00"


def test_a_clock_that_starts_during_a_wait_starts_paused():
    case = a_case("2026-10-12 10:00").then("waiting_started", "2026-10-12 10:30")
    opinion = case.then("handed_over", "2026-10-12 11:00").then("waiting_ended", "2026-10-13 11:00").only("opinion")
    assert (wall(opinion.paused_since), wall(opinion.due_at)) == (None, "2026-10-16 18:00")


def test_a_wait_does_not_mend_a_breach():
    case = waiting(HANDED, "2026-10-15 18:00", "2026-10-16 10:00")
    assert (case.only("opinion").state, wall(case.only("opinion").due_at)) == (State.BREACHED, "2026-10-15 18:00")


def test_waiting_twice_is_waiting_once():
    case = HANDED.then("waiting_started", "2026-10-13 10:00").then("waiting_started", "2026-10-13 10:30")
    assert wall(case.then("waiting_ended", "2026-10-13 11:00").only("opinion").due_at) == "2026-10-16 18:00"


def test_a_case_that_is_resolved_no_longer_waits():
    case = HANDED.then("waiting_started", "2026-10-13 10:00").then("resolved", "2026-10-13 11:00")
    reopened = case.then("reopened", "2026-10-14 10:00")
    assert [clock.state for clock in reopened.named("resolution", "2026-10-14 11:00")] == [State.MET, State.RUNNING]


def test_used_time_is_kept_exactly():
    paused = HANDED.then("waiting_started", "2026-10-13 10:00").only("opinion").usage
    weeks_later = at("2026-11-20 10:00")
    assert (paused.used_seconds(CN, weeks_later), paused.left_seconds(CN, weeks_later)) == (8 * HOUR, 23 * HOUR)
    resumed = waiting(HANDED, "2026-10-13 10:00", "2026-10-14 10:00").only("opinion").usage
    again = at("2026-10-14 10:00")
    assert (resumed.used_seconds(CN, again), resumed.left_seconds(CN, again)) == (8 * HOUR, 23 * HOUR)


def test_time_left_is_negative_once_it_is_overrun():
    clock = a_case("2026-10-12 10:00").only("first_response").usage
    assert clock.left_seconds(CN, at("2026-10-13 12:00")) == -2 * HOUR
    assert clock.used_seconds(CN, at("2026-10-13 12:00")) == 26 * HOUR


def test_a_stopped_clock_counts_no_further():
    clock = HANDED.then("opinion_given", "2026-10-13 10:00").only("opinion").usage
    assert clock.used_seconds(CN, at("2027-01-01 10:00")) == 8 * HOUR
