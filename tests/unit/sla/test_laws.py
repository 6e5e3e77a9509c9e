"""What holds for every case, legal or not (SL-3, SL-5)."""

from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.sla.domain.clock import ENDED, State
from services.sla.domain.derive import clocks
from services.sla.domain.marks import marks
from tests.unit.sla.cases import PUBLICATIONS
from tests.unit.sla.strategies import BEGIN, facts_of_a_case, instants

NOW = BEGIN + timedelta(days=28)
DAY = timedelta(days=1)


@given(st.data(), facts_of_a_case(), instants)
@settings(max_examples=100, deadline=None)
def test_the_same_facts_in_any_order_and_repeated_give_the_same_clocks(data, facts, now):
    shuffled = data.draw(st.permutations(facts)) + data.draw(st.lists(st.sampled_from(facts)))
    assert clocks(shuffled, PUBLICATIONS, now) == clocks(facts, PUBLICATIONS, now)


@given(facts_of_a_case())
@settings(max_examples=100, deadline=None)
def test_met_is_stopped_by_the_due_instant_and_late_is_stopped_after_it(facts):
    for clock in clocks(facts, PUBLICATIONS, NOW):
        in_time = clock.stopped_at is not None and clock.stopped_at <= clock.due_at
        assert (clock.state is State.MET) == in_time
        assert (clock.state is State.LATE) == (clock.stopped_at is not None and not in_time)


@given(facts_of_a_case(), instants)
@settings(max_examples=100, deadline=None)
def test_an_open_clock_is_breached_exactly_when_its_due_instant_is_reached(facts, now):
    for clock in clocks(facts, PUBLICATIONS, now):
        if clock.ended_at is None and clock.state is not State.PAUSED:
            assert (clock.state is State.BREACHED) == (clock.due_at <= now)


@given(facts_of_a_case())
@settings(max_examples=100, deadline=None)
def test_what_has_ended_never_changes_with_time(facts):
    soon, later = clocks(facts, PUBLICATIONS, NOW), clocks(facts, PUBLICATIONS, NOW + 100 * DAY)
    assert [each for each in soon if each.state in ENDED] == [each for each in later if each.state in ENDED]


@given(facts_of_a_case())
@settings(max_examples=100, deadline=None)
def test_generations_are_numbered_without_gaps_and_only_one_of_a_key_is_open(facts):
    found = clocks(facts, PUBLICATIONS, NOW)
    for (name, key), count in Counter((clock.name, clock.key) for clock in found).items():
        same = [clock for clock in found if (clock.name, clock.key) == (name, key)]
        assert sorted(clock.generation for clock in same) == list(range(1, count + 1))
        assert sum(clock.ended_at is None for clock in same) <= 1


@given(facts_of_a_case())
@settings(max_examples=100, deadline=None)
def test_marks_come_in_order_and_the_breach_is_the_last(facts):
    for clock in clocks(facts, PUBLICATIONS, BEGIN):
        if clock.ended_at is None:
            instants_of_marks = [mark.at for mark in marks(clock)]
            assert instants_of_marks == sorted(instants_of_marks)
            assert not instants_of_marks or instants_of_marks[-1] == clock.due_at


@given(facts_of_a_case(), instants)
@settings(max_examples=100, deadline=None)
def test_used_and_left_are_the_whole_limit_while_it_counts(facts, now):
    for clock in clocks(facts, PUBLICATIONS, now):
        if clock.state is State.RUNNING and clock.started_at <= now and not clock.pauses:
            used = clock.usage.used_seconds(clock.calendar, now)
            assert used + clock.usage.left_seconds(clock.calendar, now) == clock.total_seconds
