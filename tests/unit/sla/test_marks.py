"""Warnings at fractions of the limit and the breach (SL-5): of working time where the limit is."""

from services.sla.domain.marks import marks
from tests.unit.sla.cases import a_case, wall

MONDAY = "2026-10-12 10:00"


def marks_of(clock):
    return {mark.fraction: wall(mark.at) for mark in marks(clock)}


def test_of_elapsed_time():
    clock = a_case(MONDAY).only("first_response", MONDAY)
    assert marks_of(clock) == {0.5: "2026-10-12 22:00", 0.8: "2026-10-13 05:12", 1.0: "2026-10-13 10:00"}


def test_of_working_hours():
    clock = a_case(MONDAY, verifiable=False).only("investigation", MONDAY)
    assert marks_of(clock) == {0.5: "2026-10-12 15:00", 0.8: "2026-10-12 17:24", 1.0: "2026-10-13 10:00"}


def test_of_working_days_the_rest_of_the_first_day_counts_for_the_fraction():
    clock = a_case(MONDAY).then("handed_over", MONDAY).only("opinion", MONDAY)
    assert marks_of(clock) == {0.5: "2026-10-14 09:30", 0.8: "2026-10-15 10:48", 1.0: "2026-10-15 18:00"}


def test_of_hours_on_working_days():
    clock = a_case("2026-10-16 12:00").only("progress", "2026-10-16 12:00")
    assert marks_of(clock) == {0.5: "2026-10-20 00:00", 0.8: "2026-10-20 21:36", 1.0: "2026-10-21 12:00"}


def test_a_pause_before_a_mark_moves_it_and_one_after_it_does_not():
    case = a_case(MONDAY, kind="accident")
    waited = case.then("waiting_started", "2026-10-14 10:00").then("waiting_ended", "2026-10-14 22:00")
    assert marks_of(waited.only("progress", "2026-10-14 22:00")) == {
        0.5: "2026-10-13 22:00",
        0.8: "2026-10-15 07:36",
        1.0: "2026-10-15 22:00",
    }


def test_while_paused_no_mark_lies_ahead():
    case = a_case(MONDAY).then("waiting_started", "2026-10-12 11:00")
    assert marks_of(case.only("resolution", "2026-10-12 11:00")) == {}


def test_a_deadline_that_was_past_from_the_start_has_all_its_marks_at_once():
    case = a_case(MONDAY).then("promised", MONDAY, key="P", due="2026-10-10 10:00")
    assert set(marks_of(case.only("commitment", MONDAY)).values()) == {"2026-10-10 10:00"}
