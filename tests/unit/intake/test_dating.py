"""Nobody rescues his own breach by dating a step back (contracts 4, SL-5)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.dating import Actor, date_step
from services.intake.domain.take import take
from shared.kernel.errors import Invalid
from tests.unit.intake.builders import NOW, a_case, after, asked

CLERK = Actor("desk")
SUPERVISOR = Actor("clerk-lead", is_supervisor=True)
LONG_AGO = NOW - timedelta(hours=3)


def test_without_an_instant_the_time_of_recording_counts() -> None:
    assert date_step(None, "reason", SUPERVISOR, "live", NOW).at == NOW


@pytest.mark.parametrize("seconds", [60, 1, 0, -1, -15 * 60])
def test_a_quarter_of_an_hour_is_free_and_so_is_a_clock_a_minute_ahead(seconds: int) -> None:
    at = NOW + timedelta(seconds=seconds)
    assert date_step(at, None, CLERK, "live", NOW).at == at


def test_more_than_a_minute_ahead_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        date_step(NOW + timedelta(seconds=61), "reason", SUPERVISOR, "live", NOW)
    assert list(refused.value.detail) == ["at"]


@pytest.mark.parametrize(
    ("actor", "reason", "counts"),
    [
        (CLERK, None, False),
        (CLERK, "forgot", False),
        (SUPERVISOR, None, False),
        (SUPERVISOR, "forgot", True),
        (Actor("system:phone"), "late record", True),
        (Actor("system:mail"), "late record", True),
        (Actor("system:import"), "late record", True),
        (Actor("system:import"), None, False),
        (Actor("system:online"), "late record", False),
    ],
)
def test_further_back_needs_a_reason_and_somebody_who_may(actor: Actor, reason: str | None, counts: bool) -> None:
    dated = date_step(LONG_AGO, reason, actor, "live", NOW)
    assert dated.at == (LONG_AGO if counts else NOW)
    assert dated.marks.get("dated_back", False) == counts
    assert dated.marks.get("claimed_at") == (None if counts else LONG_AGO)


@pytest.mark.parametrize("at", [LONG_AGO, NOW + timedelta(days=1), NOW - timedelta(days=9000)])
def test_an_import_of_history_gives_its_own_times(at: datetime) -> None:
    assert date_step(at, None, Actor("system:import"), "history", NOW).at == at


def test_others_follow_the_usual_rule_in_history_too() -> None:
    assert date_step(LONG_AGO, None, CLERK, "history", NOW).at == NOW
    with pytest.raises(Invalid):
        date_step(NOW + timedelta(days=1), None, CLERK, "history", NOW)


@given(st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(seconds=60)))
def test_a_clerk_never_gets_further_back_than_a_quarter_of_an_hour(offset: timedelta) -> None:
    dated = date_step(NOW + offset, "any reason", CLERK, "live", NOW)
    assert dated.at >= NOW - timedelta(minutes=15)


def test_the_history_keeps_what_was_claimed() -> None:
    entry = take(a_case(), asked("record_progress", at=LONG_AGO, at_reason="forgot"), NOW).entries[0]
    assert (entry.fact.at, entry.fact.recorded_at) == (NOW, NOW)
    assert entry.detail == {"text": "ordered", "claimed_at": LONG_AGO, "at_reason": "forgot"}


def test_a_milestone_is_the_latest_instant() -> None:
    case = take(a_case(), asked("reply"), NOW).case
    earlier = take(case, asked("reply", at=NOW - timedelta(minutes=5)), NOW + timedelta(seconds=1)).case
    assert earlier.milestones["replied"] == NOW


@pytest.mark.parametrize("step", ["resume", "resolve"])
def test_waiting_does_not_end_before_it_began(step: str) -> None:
    case = after(a_case(), "hand_over", "give_opinion", "wait_for_customer")
    with pytest.raises(Invalid) as refused:
        take(case, asked(step, at=NOW - timedelta(seconds=1)), NOW)
    assert list(refused.value.detail) == ["at"]
    assert not take(case, asked(step, at=NOW), NOW).case.waiting


def test_waiting_does_not_begin_before_it_last_ended() -> None:
    case = after(a_case(), "wait_for_customer", "resume")
    with pytest.raises(Invalid) as refused:
        take(case, asked("wait_for_customer", at=NOW - timedelta(minutes=1)), NOW)
    assert list(refused.value.detail) == ["at"]


def test_history_is_taken_as_it_was_written_down() -> None:
    case = after(a_case(mode="history"), "wait_for_customer")
    earlier = replace(asked("resume", at=LONG_AGO), actor=Actor("system:import"))
    assert not take(case, earlier, NOW).case.waiting
