"""What a case owes: by whom, from when until when, done by what (IN-4, IN-9, IN-14, IN-21)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.intake.domain.case import Case
from services.intake.domain.handling.tasks import Task, same_tasks, tasks_of
from services.intake.domain.steps import TABLE
from services.intake.storage.policy_files import load_handbook
from shared.kernel.errors import Refused
from tests.unit.intake.builders import FIELDS, NOW, a_case, asked, take

DUTIES = load_handbook().duties
MINUTE = timedelta(minutes=1)


def at(minutes: int) -> datetime:
    return NOW + minutes * MINUTE


def through(*steps: str | tuple[str, dict[str, Any]], **given: Any) -> Case:
    """A case after these steps, a minute apart."""
    case = a_case(**{"severity": "serious", **given})
    for minute, each in enumerate(steps, 1):
        step, fields = each if isinstance(each, tuple) else (each, {})
        case = take(case, asked(step, fields=fields), at(minute)).case
    return case


def owed(case: Case) -> dict[str, str]:
    return {each.task_id: each.state for each in tasks_of(case, DUTIES)}


def the(case: Case, task_id: str) -> Task:
    (found,) = [each for each in tasks_of(case, DUTIES) if each.task_id == task_id]
    return found


def department(name: str) -> dict[str, str]:
    return {"department": name}


JUDGED = ("determine_cause", {"departments": ["品质部", "Quality", "车间"]})
OPINION = ("hand_over", "start_investigation", "give_opinion")


def test_a_fresh_case_owes_nothing() -> None:
    assert tasks_of(a_case(), DUTIES) == []


def test_each_department_of_the_cause_owes_a_measure_under_its_code() -> None:
    case = through(JUDGED, *OPINION)
    assert {name for name in owed(case) if name.startswith("measure")} == {"measure:quality", "measure:车间"}
    proposed = ("propose_measure", department("quality"))
    assert {"measure:quality": "done", "measure:车间": "open"}.items() <= owed(
        through(JUDGED, *OPINION, proposed)
    ).items()
    assert owed(through(*OPINION, proposed, JUDGED))["measure:quality"] == "done", "what came earlier counts"
    assert the(case, "measure:quality").due_at == datetime.fromisoformat("2026-10-12T18:00:00+08:00")


def test_a_minor_case_is_fed_back_and_a_raised_one_owes_measures() -> None:
    assert owed(through(JUDGED, severity="minor")) == {"feedback:quality": "open", "feedback:车间": "open"}
    back = through(JUDGED, ("feed_back", department("quality")), severity="minor")
    assert owed(back)["feedback:quality"] == "done"
    raised = through(JUDGED, ("raise_severity", {"severity": "major"}), severity="minor")
    assert owed(raised) == {"measure:quality": "open", "measure:车间": "open"}


def test_approvals_in_turn_are_owed_one_after_the_other() -> None:
    named = ("name_approvers", {"departments": ["quality", "production"], "order": "in_turn"})
    case = through(*OPINION, named, "agree_plan")
    assert [name for name in owed(case) if name.startswith("approval")] == ["approval:quality"]
    assert the(case, "approval:quality").since == at(5)
    one = through(*OPINION, named, "agree_plan", ("approve", department("quality")))
    assert {"approval:quality": "done", "approval:production": "open"}.items() <= owed(one).items()
    assert the(one, "approval:production").since == at(6)


def test_in_parallel_everybody_owes_theirs_until_the_plan_is_refused() -> None:
    named = ("name_approvers", {"departments": ["quality", "production"], "order": "parallel"})
    case = through(*OPINION, named, "agree_plan")
    assert owed(case)["approval:quality"] == owed(case)["approval:production"] == "open"
    refused = through(*OPINION, named, "agree_plan", ("reject", department("production")))
    assert "approval:quality" not in owed(refused)
    assert owed(refused)["plan_again"] == "open"
    again = through(*OPINION, named, "agree_plan", ("reject", department("production")), "agree_plan")
    assert owed(again)["plan_again"] == "done"


@pytest.mark.parametrize("answer", ["reply", "give_opinion"])
def test_an_objection_is_answered_by_what_comes_after_it(answer: str) -> None:
    objected = ("hand_over", "give_opinion", "reply", "object")
    assert owed(through(*objected, severity="minor")) == {"objection": "open"}
    assert the(through(*objected), "objection").owner == "desk"
    assert owed(through(*objected, answer, severity="minor")) == {"objection": "done"}


def test_what_is_not_ours_owes_the_customer_an_appraisal() -> None:
    case = through(("determine_cause", {"ours": False}))
    assert owed(case)["appraisal"] == "open"
    assert owed(through(("determine_cause", {"ours": False}), "show_appraisal"))["appraisal"] == "done"
    assert "appraisal" not in owed(through("determine_cause"))


def test_the_end_of_a_case_cancels_what_no_step_can_do_any_more() -> None:
    case = through("request_analysis", ("improve", {}), "withdraw")
    assert owed(case) == {"finding:quality": "cancelled", "finding:production": "cancelled", "effect:i3": "cancelled"}
    closed = replace(through("request_analysis", ("improve", {})), state="closed")
    assert owed(closed)["effect:i3"] == "open"
    assert owed(replace(closed, state="investigating"))["finding:quality"] == "open"


def test_who_is_excused_owes_nothing_and_who_is_asked_again_does() -> None:
    case = through("request_analysis", "excuse_department")
    assert owed(case)["finding:quality"] == "cancelled"
    again = through("request_analysis", "excuse_department", "request_analysis")
    assert (owed(again)["finding:quality"], the(again, "finding:quality").since) == ("open", at(3))


def test_history_owes_nothing() -> None:
    assert tasks_of(replace(through(JUDGED), mode="history"), DUTIES) == []


def test_a_long_name_makes_a_short_task() -> None:
    long = ["部" * 199 + each for each in "ab"]
    case = through(("request_analysis", {"departments": long}))
    names = list(owed(case))
    assert len(set(names)) == 2
    assert all(len(each) <= 130 for each in names)


@pytest.mark.parametrize("step", sorted(TABLE.keys() - {"urge"}))
def test_where_tasks_are_thought_the_same_they_are(step: str) -> None:
    """For each step from a case in which it is possible: a change of tasks is never overlooked."""
    ways = {
        "": (),
        "asked": ("request_analysis",),
        "opinion": (JUDGED, *OPINION, ("improve", {}), "agree_plan"),
        "resolved": (*OPINION, ("propose_compensation", {}), ("improve", {}), "resolve"),
        "waiting": ("wait_for_customer",),
    }
    for way in ways.values():
        before = through(*way)
        try:
            after = take(before, asked(step, fields=FIELDS[step]), at(60)).case
        except Refused:
            continue
        changed = tasks_of(before, DUTIES) != tasks_of(after, DUTIES)
        assert not (changed and same_tasks(before, after, DUTIES)), step
