"""When the clock stops, and what is done there."""

from datetime import datetime, timedelta

import pytest

from shared.cli.demo.acts import Act, Ref
from shared.cli.demo.agenda import Agenda, next_look
from shared.cli.demo.desk import Memory
from shared.cli.demo.words import ZONE

NOON = datetime(2026, 10, 12, 12, tzinfo=ZONE)


def at(hour, minute=0, second=0, day=12):
    return datetime(2026, 10, day, hour, minute, second, tzinfo=ZONE)


def act(when, label="c1"):
    return Act(at=when, label=label, method="intake.take_step", request={})


def agenda(exact_until=NOON):
    return Agenda(until=at(18, day=24), exact_until=exact_until)


@pytest.mark.parametrize(
    ("instant", "look"),
    [
        (at(9), at(9)),
        (at(9, 0, 2), at(9)),  # a hair after its minute is that minute
        (at(9, 1), at(10)),
        (at(17, 45), at(18)),
        (at(18, 1), at(20)),
        (at(23), at(0, day=13)),
        (at(7, 30), at(8)),
    ],
)
def test_looks_are_every_hour_by_day_and_every_two_hours_by_night(instant, look):
    assert next_look(instant) == look


def test_the_storys_acts_stop_the_clock_exactly_and_others_wait_for_the_next_look():
    plan = agenda()
    plan.add([act(at(12, 10))])
    plan.add([act(at(12, 20), "foshan")], exact=True)
    assert plan.next_stop(NOON, None) == at(12, 20)
    assert [each.label for each in plan.due(at(12, 20))] == ["c1", "foshan"]
    assert plan.next_stop(at(12, 20), None) is None


def test_a_timer_waits_for_the_next_look_but_in_quiet_times_it_is_a_stop():
    assert agenda().next_stop(NOON, at(12, 10)) == at(13)
    assert agenda(exact_until=at(14)).next_stop(NOON, at(12, 10)) == at(12, 10)


def test_a_timer_that_follows_within_seconds_or_should_have_fired_waits_for_the_next_look():
    assert agenda().next_stop(NOON, at(12, 0, 10)) == at(13)
    assert agenda().next_stop(NOON, at(11)) == at(13)
    assert agenda(exact_until=at(14)).next_stop(NOON, at(11)) == at(13)


def test_an_act_whose_moment_has_come_is_done_now_and_one_of_the_same_minute_at_the_next_look():
    plan = agenda()
    plan.add([act(at(11))])
    assert plan.next_stop(NOON, None) == NOON
    plan = agenda()
    plan.add([act(at(12, 0, 20))])
    assert plan.next_stop(NOON, None) == at(13)


def test_what_lies_after_the_end_is_left_out():
    plan = agenda()
    plan.add([act(at(19, day=24))], exact=True)
    assert plan.next_stop(NOON, at(19, day=24)) is None
    assert plan.due(at(20, day=24)) == []


def test_acts_come_in_the_order_of_their_moments_then_as_they_were_added():
    plan = agenda()
    plan.add([act(at(10), "a"), act(at(9), "b"), act(at(10), "c")])
    assert [each.label for each in plan.due(NOON)] == ["b", "a", "c"]


def test_gaps_are_filled_with_what_answers_named():
    memory = Memory()
    memory.learn(
        act(NOON, "foshan"), {"case_no": "1", "facts": [{"fact": "promised", "key": "p2"}, {"fact": "replied"}]}
    )
    memory.learn(act(NOON, "line"), {"equipment_id": "E1"})
    request = {
        "case_no": Ref("case", "foshan"),
        "keys": [Ref("promised", "foshan")],
        "in": {"e": Ref("equipment", "line")},
    }
    assert memory.filled(request) == {"case_no": "1", "keys": ["p2"], "in": {"e": "E1"}}
    with pytest.raises(KeyError):
        memory.filled(Ref("case", "nobody"))


def test_moments_of_acts_may_be_far_apart():
    plan = agenda()
    plan.add([act(NOON + timedelta(days=3))])
    assert plan.next_stop(NOON, None) == NOON + timedelta(days=3)
