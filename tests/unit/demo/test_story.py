"""The told story: its script holds together, and its people answer when the suite calls on them."""

from datetime import timedelta

import pytest

from shared.cli.border import own_fields, registration_fields, steps
from shared.cli.demo.acts import Ref
from shared.cli.demo.cast import Cast
from shared.cli.demo.desk import Memory
from shared.cli.demo.machines import ITEMS, machines, upkeep
from shared.cli.demo.people import Crowd
from shared.cli.demo.story import read_story
from shared.cli.demo.words import read_words

from .samples import CASE_NO, NOW, ORDER_NO, heard


@pytest.fixture(scope="module")
def story():
    return read_story(Crowd(1))


def test_every_scene_has_a_name_and_those_with_a_title_say_what_they_show(story):
    names = read_words("sayings.yaml")["cast"]
    assert story.labels == set(names)
    assert [scene.label for scene in story.scenes if scene.title] == ["line", "foshan", "night", "first"]
    assert all(scene.about for scene in story.scenes if scene.title)


def test_acts_lie_within_the_play_and_in_their_order(story):
    for scene in story.scenes:
        moments = [act.at for act in scene.acts]
        assert moments == sorted(moments)
        assert story.begin <= moments[0]
        assert moments[-1] <= story.until


def test_steps_and_their_fields_are_intakes_own(story):
    for act in (act for scene in story.scenes for act in scene.acts):
        if act.method == "intake.register_case":
            assert set(act.request) <= set(registration_fields())
            assert act.request["customer"]["phone"].startswith("+86")
        if act.method == "intake.take_step":
            name = act.request["step"]
            assert name in steps()
            assert set(act.request) - {"by", "case_no", "step"} <= set(own_fields(name)), name


def test_a_scene_only_speaks_of_what_is_named_in_the_story(story):
    def refs(value):
        if isinstance(value, Ref):
            yield value
        elif isinstance(value, dict):
            yield from (ref for each in value.values() for ref in refs(each))

    for act in (act for scene in story.scenes for act in scene.acts):
        for ref in refs(act.request):
            assert ref.what == "order" or ref.label in story.labels, ref


def test_the_same_customer_calls_again(story):
    first, again = (next(each for each in story.scenes if each.label == label) for label in ("first", "again"))
    assert first.person == again.person


def test_who_is_called_on_answers_with_the_code(story):
    foshan = next(each for each in story.scenes if each.label == "foshan")
    (reaction,) = foshan.reactions
    told = heard("escalation.step_reached.v1")
    act = reaction.answer(told)
    assert act.request == {"code": "123456"}
    assert act.at == NOW + timedelta(minutes=30)
    assert reaction.answer(heard("escalation.step_reached.v1", step={"level": 2})) is None
    assert reaction.answer(heard("escalation.raised.v1")) is None


def test_the_cast_learns_who_is_who_from_events(story):
    memory = Memory()
    cast = Cast(story.labels, memory)
    cast.meet(heard("case.registered.v1", case={"external_ref": "foshan"}))
    cast.meet(heard("order.planned.v1"))
    assert cast.label_of(heard("clock.breached.v1")) == "foshan"
    assert cast.label_of(heard("message.delivered.v1")) == "foshan"
    assert cast.label_of(heard("order.overdue.v1")) == "line"
    assert memory.named[Ref("order", "quarterly-1")] == ORDER_NO


def test_a_case_of_somebody_else_and_another_machine_are_no_part_of_the_story(story):
    cast = Cast(story.labels, Memory())
    cast.meet(heard("case.registered.v1", case={"external_ref": "c7"}))
    cast.meet(heard("order.planned.v1"))
    cast.meet(heard("order.planned.v1", order={"order_no": "M-2", "equipment_id": "q2"}))
    assert cast.name_of(heard("case.resolved.v1")) == "c7"
    assert cast.label_of(heard("case.resolved.v1")) is None
    assert cast.label_of(heard("order.due.v1", order={"order_no": "M-2"})) is None


def test_the_case_that_maintenance_opened_belongs_to_the_machine(story):
    memory = Memory()
    cast = Cast(story.labels, memory)
    cast.meet(heard("case.registered.v1", case={"channel": "maintenance", "external_ref": "d1"}))
    assert cast.label_of(heard("case.resolved.v1")) == "line"
    assert memory.named[Ref("case", "line")] == CASE_NO


def test_other_machines_are_registered_planned_and_mostly_looked_after():
    made = machines(1, 3, Crowd(1), NOW)
    assert [act.method.partition(".")[2] for act in made] == ["register_equipment", "set_plan"] * 3
    planned = [heard("order.planned.v1", order={"equipment_id": "E2", "slot": slot}) for slot in range(20)]
    done = [list(upkeep(each, 1)) for each in planned]
    assert 10 <= sum(map(bool, done)) < 20
    schedule, start, complete = next(acts for acts in done if acts)
    assert [schedule.method, start.method, complete.method] == [
        "maintenance.schedule_order",
        "maintenance.start_order",
        "maintenance.complete_order",
    ]
    assert len(complete.request["items"]) == len(ITEMS) == 13
