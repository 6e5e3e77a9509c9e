"""What departments owe: tasks with due dates, urged with a trace; the table holds what the case makes (IN-21)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.storage.policy_files import load_handbook
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.testing.clock import ManualClock
from tests.integration.intake.handling_desk import HandlingDesk
from tests.integration.intake.office import Office

BOOK = load_handbook()
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> HandlingDesk:
    office.book = BOOK
    return HandlingDesk(office, tmp_path / "evidence")


def task_of(desk: HandlingDesk, case_no: str, task_id: str) -> dict[str, Any]:
    (found,) = [each for each in desk.office.get(case_no)["tasks"] if each["task_id"] == task_id]
    return found


def test_a_case_without_duties_writes_nothing(desk: HandlingDesk) -> None:
    case_no = desk.office.case_no()
    desk.step(case_no, "hand_over", owner="li.qiang")
    desk.step(case_no, "start_investigation")
    assert desk.rows(case_no) == ([], [])
    assert "tasks" not in desk.office.get(case_no)


def test_each_department_asked_owes_its_finding(desk: HandlingDesk, clock: ManualClock) -> None:
    case_no = desk.asked("品质部", "Production", "quality")
    quality = task_of(desk, case_no, "finding:quality")
    assert quality["owed_by"] == {"department": "quality", "name": {"zh": "品质部", "en": "Quality"}}
    assert (quality["state"], quality["steps"], quality["field"]) == ("open", ["give_finding"], "cause")
    assert quality["due_at"] == "2026-10-12T18:00:00+08:00", "two working days, the first of them a make-up Saturday"
    assert desk.owed(department="生产部") == [("finding:production", "open")]
    desk.step(case_no, "give_finding", department="Quality", finding="wrong mix", ours=True, cause="quality_defect")
    assert desk.owed(case_no=case_no) == [("finding:production", "open")]
    clock.forward(100 * HOUR)
    assert desk.owed(overdue=True) == [("finding:production", "overdue")]
    assert desk.owed(state="done") == [("finding:quality", "done")]
    analysis = desk.office.get(case_no)["handling"]["analysis"]
    assert analysis["missing"] == ["production"]
    assert [(each["department"], each["state"]) for each in analysis["asked"]] == [
        ("quality", "given"),
        ("production", "asked"),
    ]


def test_a_time_that_was_set_counts(desk: HandlingDesk) -> None:
    case_no = desk.office.case_no()
    due = "2026-10-20T10:00:00+08:00"
    desk.step(case_no, "request_analysis", departments=["quality"], due_at=due)
    assert task_of(desk, case_no, "finding:quality")["due_at"] == due
    with pytest.raises(Invalid) as refused:
        desk.step(case_no, "request_analysis", departments=["quality"], due_at="2026-10-01T10:00:00+08:00")
    assert set(refused.value.detail) == {"due_at"}


def test_the_cause_waits_for_every_department(desk: HandlingDesk) -> None:
    case_no = desk.asked("quality", "production")
    cause = {"cause": "other", "departments": ["quality"], "grounds": "lab", "ours": False}
    with pytest.raises(Conflict) as refused:
        desk.step(case_no, "determine_cause", **cause)
    assert [each["what"] for each in refused.value.detail["missing"]] == ["finding of quality", "finding of production"]
    assert "excuse_department" in refused.value.detail["missing"][0]["remedy"]
    assert "determine_cause" not in refused.value.detail["legal"]
    desk.step(case_no, "give_finding", department="quality", finding="not ours", ours=False)
    desk.step(case_no, "excuse_department", department="生产部", reason="made elsewhere")
    with pytest.raises(Conflict):
        desk.step(case_no, "excuse_department", department="production", reason="again")
    desk.step(case_no, "determine_cause", **cause)
    case = desk.office.get(case_no)
    assert case["handling"]["analysis"]["ours"] is False
    assert (case["category"], case["cause"], case["department"]) == (None, "other", "quality")
    with pytest.raises(Invalid) as missing:
        desk.step(case_no, "show_appraisal", grounds="lab report")
    assert set(missing.value.detail) == {"next_steps"}
    desk.step(case_no, "show_appraisal", grounds="lab report", next_steps="a new wall at cost", how="by mail")
    assert task_of(desk, case_no, "appraisal")["state"] == "done"


def test_who_was_not_asked_gives_no_finding(desk: HandlingDesk) -> None:
    case_no = desk.office.case_no()
    finding = {"department": "quality", "finding": "x", "ours": True}
    with pytest.raises(Conflict, match="request for findings missing"):
        desk.step(case_no, "give_finding", **finding)
    desk.step(case_no, "request_analysis", departments=["production"])
    with pytest.raises(Conflict, match="quality was not asked"):
        desk.step(case_no, "give_finding", **finding)


def test_urging_leaves_its_trace(desk: HandlingDesk, clock: ManualClock) -> None:
    case_no = desk.asked("quality")
    desk.step(case_no, "urge", task_id="finding:quality", text="it is raining in")
    clock.forward(HOUR)
    desk.step(case_no, "urge", by="zhang.min", task_id="finding:quality")
    task = task_of(desk, case_no, "finding:quality")
    assert (task["urged"], task["last_urged_by"]) == (2, "zhang.min")
    assert task["last_urged_at"] == "2026-10-09T23:00:00+08:00"
    (listed,) = desk.tasks(case_no=case_no)["tasks"]
    assert (listed["urged"], listed["last_urged_by"]) == (2, "zhang.min")
    fact = desk.office.said()[-1]["data"]["fact"]
    assert (fact["fact"], fact["key"], fact["due_at"]) == ("urged", "finding:quality", task["due_at"])
    assert fact["set"]["owed_by"] == {"department": "quality", "names": ["quality", "品质部", "Quality"], "persons": []}
    assert "it is raining in" not in str(desk.office.said()), "free text stays in the history"
    assert desk.office.get(case_no)["history"][-2]["detail"] == {"text": "it is raining in"}


def test_only_what_is_owed_is_urged(desk: HandlingDesk) -> None:
    case_no = desk.asked("quality")
    with pytest.raises(NotFound) as unknown:
        desk.step(case_no, "urge", task_id="finding:nobody")
    assert unknown.value.detail["open"] == ["finding:quality"]
    desk.step(case_no, "give_finding", department="quality", finding="x", ours=True)
    with pytest.raises(Conflict) as done:
        desk.step(case_no, "urge", task_id="finding:quality")
    assert done.value.detail["open"] == []


def test_a_minor_case_is_fed_back_even_after_its_end(desk: HandlingDesk) -> None:
    case_no = desk.office.case_no(kind="inquiry")
    desk.step(case_no, "determine_cause", cause="other", departments=["production"], grounds="x", ours=True)
    desk.step(case_no, "resolve", result="done", accountable="desk")
    desk.step(case_no, "close")
    assert desk.owed(department="production") == [("feedback:production", "open")]
    desk.step(case_no, "feed_back", department="生产部", text="seen")
    assert desk.rows(case_no)[0][0]["state"] == "done"


def test_an_improvement_without_effect_calls_for_another(desk: HandlingDesk, clock: ManualClock) -> None:
    case_no = desk.office.case_no()
    improve = {"measure": "new mix", "owner": "li.qiang", "due_at": "2026-10-30T18:00:00+08:00"}
    key = desk.step(case_no, "improve", **improve)["handling"]["improvements"][0]["improvement_id"]
    clock.forward(60 * 24 * HOUR)
    assert desk.owed(owner="李强") == [(f"effect:{key}", "overdue")]
    desk.step(case_no, "check_effect", improvement_id=key, effective=False)
    assert desk.owed(owner="li.qiang") == [(f"another:{key}", "open")]
    desk.step(case_no, "improve", **{**improve, "due_at": "2026-12-30T18:00:00+08:00"})
    assert len(desk.owed(owner="li.qiang")) == 1
    assert desk.owed(state="done") == [(f"effect:{key}", "done"), (f"another:{key}", "done")]


def test_the_effect_may_be_checked_after_the_close(desk: HandlingDesk) -> None:
    case_no = desk.office.case_no(kind="inquiry")
    made = desk.step(case_no, "improve", measure="x", owner="desk", due_at="2026-12-30T18:00:00+08:00")
    key = made["handling"]["improvements"][0]["improvement_id"]
    desk.step(case_no, "resolve", result="done", accountable="desk")
    desk.step(case_no, "close")
    assert desk.owed(case_no=case_no) == [(f"effect:{key}", "open")]
    answer = desk.step(case_no, "follow_up", improvement_id=key, effective=True)
    assert answer["handling"]["improvements"][0]["effect"] == "effective"
    assert desk.owed(case_no=case_no) == []


def test_what_is_withdrawn_owes_nothing(desk: HandlingDesk) -> None:
    case_no = desk.asked("quality")
    desk.step(case_no, "withdraw", reason="solved itself")
    assert desk.owed(case_no=case_no) == []
    assert desk.owed(state="cancelled") == [("finding:quality", "cancelled")]


def test_pages_follow_each_other(desk: HandlingDesk, clock: ManualClock) -> None:
    for hour in range(3):
        desk.asked("quality", "production", region="south.guangdong" if hour else "north")
        clock.forward(24 * HOUR)
    first = desk.tasks(limit=4)
    second = desk.tasks(limit=4, after=first["next"])
    found = [*first["tasks"], *second["tasks"]]
    assert [each["due_at"] for each in found] == sorted(each["due_at"] for each in found)
    assert (len(found), "next" in second) == (6, False)
    assert len(desk.owed(region="south")) == 4


def test_whoever_asks_sees_no_case_about_themselves(desk: HandlingDesk) -> None:
    mine, theirs = desk.asked("quality"), desk.asked("quality", complained_about=["张敏"])
    assert {each["case_no"] for each in desk.tasks(by="desk")["tasks"]} == {mine, theirs}
    assert {each["case_no"] for each in desk.tasks(by="zhang.min", overdue=False)["tasks"]} == {mine}


STEPS: list[tuple[str, dict[str, Any]]] = [
    ("hand_over", {"owner": "li.qiang"}),
    ("hand_over", {"owner": "desk"}),
    ("request_analysis", {"departments": ["quality", "production"]}),
    ("give_finding", {"department": "quality", "finding": "x", "ours": True}),
    ("excuse_department", {"department": "production", "reason": "x"}),
    ("determine_cause", {"cause": "other", "departments": ["quality", "技术部"], "grounds": "x", "ours": False}),
    ("show_appraisal", {"grounds": "x", "next_steps": "x"}),
    ("raise_severity", {"severity": "serious", "reason": "x"}),
    ("correct", {"set": {"region": "south"}, "reason": "x"}),
    ("give_opinion", {"accountable": "desk", "text": "x", "no_warning_reason": "x"}),
    ("propose_measure", {"department": "品质部", "measure": "x"}),
    ("agree_plan", {"text": "x", "subject_to_approval": True}),
    ("name_approvers", {"departments": ["quality", "technical"], "order": "in_turn"}),
    ("approve", {"department": "quality"}),
    ("approve", {"department": "technical"}),
    ("reject", {"department": "quality"}),
    ("object", {"text": "x"}),
    ("reply", {"text": "x"}),
    ("improve", {"measure": "x", "owner": "desk", "due_at": "2027-12-30T18:00:00+08:00"}),
    ("check_effect", {"improvement_id": "i5", "effective": False}),
    ("feed_back", {"department": "quality", "text": "x"}),
    ("resolve", {"result": "x", "accountable": "desk"}),
    ("record_reaction", {"text": "x"}),
    ("withdraw", {"reason": "x"}),
    ("reopen", {"reason": "x"}),
    *(
        ("urge", {"task_id": each})
        for each in ("finding:quality", "objection", "measure:technical", "approval:quality")
    ),
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(STEPS), min_size=4, max_size=14))
def test_in_any_order_the_table_holds_what_the_case_makes(
    desk: HandlingDesk, steps: list[tuple[str, dict[str, Any]]]
) -> None:
    case_no = desk.office.case_no()
    for step, fields in steps:
        desk.office.clock.forward(HOUR)
        try:
            desk.step(case_no, step, **fields)
        except (Conflict, NotFound):
            continue
    found, made = desk.rows(case_no)
    assert found == made
