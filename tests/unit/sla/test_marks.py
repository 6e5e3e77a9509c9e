"""Warnings at fractions of the limit and the breach (SL-5): of working time where the limit is."""

from dataclasses import replace

import pytest

from services.sla.domain.marks import marks, minutes_left, unsaid
from services.sla.domain.policy_file import read_policy
from services.sla.storage.policy_files import BUILTIN
from shared.base.yaml_file import read_yaml
from shared.kernel.errors import Misconfigured
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


LEFT = (120, 30)


def warning_by_time_left(clock):
    clock.rule = replace(clock.rule, warn=(0.5,), warn_left=LEFT)
    return clock


def test_by_time_left_in_what_the_limit_counts():
    clock = warning_by_time_left(a_case(MONDAY, verifiable=False).only("investigation", MONDAY))
    assert marks_of(clock) == {
        0.5: "2026-10-12 15:00",
        0.750000120: "2026-10-12 17:00",  # Tuesday's first hour and Monday's last: two working hours left
        0.937000030: "2026-10-13 09:30",
        1.0: "2026-10-13 10:00",
    }


def test_time_left_of_working_days_is_working_time():
    clock = warning_by_time_left(a_case(MONDAY).then("handed_over", MONDAY).only("opinion", MONDAY))
    assert list(marks_of(clock).values()) == [
        "2026-10-14 09:30",
        "2026-10-15 16:00",
        "2026-10-15 17:30",
        "2026-10-15 18:00",
    ]


def test_a_limit_shorter_than_the_time_left_has_no_such_mark():
    clock = warning_by_time_left(a_case(MONDAY, severity="major").only("major_report", MONDAY))
    assert marks_of(clock) == {0.5: "2026-10-12 10:30", 0.500000030: "2026-10-12 10:30", 1.0: "2026-10-12 11:00"}


def test_what_the_file_says_for_all_is_no_mistake_of_a_short_clock():
    data = read_yaml(BUILTIN) | {"warn": [0.5, {"left": "2h"}]}
    assert read_policy(data, "ours.yaml").clocks["major_report"].warn_left == (120,)
    data["clocks"]["major_report"]["warn"] = {"left": "2h"}
    with pytest.raises(Misconfigured, match="120 minutes left is not after the start"):
        read_policy(data, "ours.yaml")


def test_a_mark_by_time_left_is_said_once_whatever_the_deadline_does_later():
    case = a_case(MONDAY).then("handed_over", MONDAY)
    before = marks(warning_by_time_left(case.only("opinion", MONDAY)))
    warned = [mark.fraction for mark in before[:2]]
    assert [minutes_left(each) for each in warned] == [0, 120]
    waited = case.then("waiting_started", "2026-10-15 16:30").then("waiting_ended", "2026-10-15 17:00")
    after = marks(warning_by_time_left(waited.only("opinion", "2026-10-15 17:00")))
    assert [wall(mark.at) for mark in after] == [
        "2026-10-14 14:15",  # 19.25 of 38.5 hours
        "2026-10-16 16:00",
        "2026-10-16 17:30",
        "2026-10-16 18:00",
    ]
    assert after[1].fraction != before[1].fraction
    assert [wall(mark.at) for mark in unsaid(after, warned)] == ["2026-10-16 17:30", "2026-10-16 18:00"]


def test_nothing_below_what_was_said_is_said_again():
    found = marks(a_case(MONDAY).only("first_response", MONDAY))
    assert [mark.fraction for mark in unsaid(found, [])] == [0.5, 0.8, 1.0]
    assert [mark.fraction for mark in unsaid(found, [0.8])] == [1.0]
    assert [mark.fraction for mark in unsaid(found, [0.6])] == [0.8, 1.0]  # by an older policy
    assert unsaid(found, [0.5, 0.8, 1.0]) == []
