"""Whoever is complained about: recognised with care, and never in the case, whatever is tried (IN-26)."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.assignment.choosing import Question, choose
from services.intake.domain.assignment.rules import Rule, Rules, Target
from services.intake.domain.complained import recognised
from services.intake.domain.facts import Entry
from services.intake.domain.registration import register
from services.intake.domain.replay import replay
from services.intake.domain.steps import TABLE
from services.intake.domain.take import Asked, take
from services.intake.handlers.complained import settled
from services.intake.handlers.stepping import asked_of
from shared.base.people import load_people
from shared.kernel.errors import Refused
from tests.unit.intake.builders import FIELDS, NOW, NUMBER, a_registration

PEOPLE = load_people()
NAMES = ("li.qiang", "李强", "desk", "投诉处理专员", "south-desk", "老王")
BOTH = Target(people=("li.qiang", "desk", "south-desk"))
RULES = Rules(name="house", rules=(Rule(name="all", to=BOTH),), fallback=BOTH)
ASSIGNMENT = "system:assignment"

who = st.sampled_from(NAMES)
several = st.lists(who, max_size=3)
others = st.sampled_from([step for step in TABLE if step not in ("hand_over", "correct")])
deeds = st.one_of(
    st.tuples(st.just("hand_over"), who, who),
    st.tuples(st.just("correct"), who, st.builds(lambda named: {"complained_about": named}, several)),
    st.tuples(st.just("correct"), who, st.builds(lambda name: {"subject": f"{name}态度恶劣"}, who)),
    st.tuples(st.just("assign"), st.just(ASSIGNMENT), st.none()),
    st.tuples(others, who, st.none()),
)


def request_of(step: str, by: str, more: Any) -> dict[str, Any]:
    given = {"hand_over": {"owner": more}, "correct": {"set": more, "reason": "x"}}
    return {"step": step, "by": by, **(FIELDS[step] if more is None else given[step])}


@settings(max_examples=60, deadline=None)
@given(named=several, steps=st.lists(deeds, max_size=12))
def test_they_never_have_the_case_nor_act_in_it(named: list[str], steps: list[tuple[str, str, Any]]) -> None:
    asked, marks = settled(PEOPLE, a_registration(category="staff_attitude", complained_about=named))
    taken = register(NUMBER, asked, NOW, marks)
    case, entries = taken.case, list[Entry](taken.entries)
    for step, by, more in steps:
        if step == "assign":
            step, more = "hand_over", choose(RULES, PEOPLE.everybody, Question(case, None, NOW), {}).owner
        if step == "hand_over" and more is None:
            continue
        try:
            done = take(case, asked_for(case, step, by, more), NOW)
        except Refused:
            continue
        assert not concerned(case.complained_about, by), "nobody acts in a complaint about themselves"
        if done.case.owner != case.owner:
            assert not concerned(done.case.complained_about, done.case.owner or ""), "nor is it given to them"
        case = done.case
        entries += done.entries
    assert list(replay(NUMBER, entries).complained_about) == list(case.complained_about)


def asked_for(case: Any, step: str, by: str, more: Any) -> Asked:
    return asked_of(PEOPLE, case, request_of(step, by, more))


def concerned(named: Any, name: str) -> bool:
    return not set(named).isdisjoint(PEOPLE.names_of(name))


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("李强态度恶劣", ["li.qiang"]),
        ("客服 张 敏 骂人", ["zhang.min"]),
        ("LI.QIANG was rude to 张敏", ["zhang.min", "li.qiang"]),
        ("north-desk hung up", ["north-desk"]),
        ("the desk and the ops were rude", []),
        ("li.qiangs van", []),
        ("nobody came", []),
    ],
)
def test_the_subject_is_read_with_care(subject: str, found: list[str]) -> None:
    assert recognised(PEOPLE.everybody, "staff_attitude", subject) == found
    assert recognised(PEOPLE.everybody, "other", subject) == []
