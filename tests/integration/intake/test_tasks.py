"""What departments owe: tasks with due dates, urged with a trace; the table holds what the case makes (IN-21)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.domain.handling.duties import Duties
from services.intake.domain.handling.duties_file import Known, read_duties
from services.intake.handlers.owing_all import owe_at_once
from services.intake.storage.policy_files import HandlingFiles, load_handbook
from services.intake.storage.repository import CaseFile
from shared.base.people import ROLES, People, Person, load_people
from shared.events import Envelope
from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from shared.testing.clock import ManualClock
from tests.integration.intake.conftest import START
from tests.integration.intake.handling_desk import HandlingDesk
from tests.integration.intake.office import Office

BOOK = load_handbook()
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(office: Office, tmp_path: Path) -> HandlingDesk:
    office.book = BOOK
    return HandlingDesk(office, tmp_path / "evidence")


def asked(desk: HandlingDesk, *departments: str, **more: Any) -> str:
    """A case in which these departments were asked for their findings."""
    case_no = desk.office.case_no(**more)
    desk.step(case_no, "hand_over", owner="li.qiang")
    desk.step(case_no, "request_analysis", departments=list(departments))
    return case_no


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
    case_no = asked(desk, "品质部", "Production", "quality")
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
    case_no = asked(desk, "quality", "production")
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
    case_no = asked(desk, "quality")
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
    case_no = asked(desk, "quality")
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
    case_no = asked(desk, "quality")
    desk.step(case_no, "withdraw", reason="solved itself")
    assert desk.owed(case_no=case_no) == []
    assert desk.owed(state="cancelled") == [("finding:quality", "cancelled")]


def test_pages_follow_each_other(desk: HandlingDesk, clock: ManualClock) -> None:
    for hour in range(3):
        asked(desk, "quality", "production", region="south.guangdong" if hour else "north")
        clock.forward(24 * HOUR)
    first = desk.tasks(limit=4)
    second = desk.tasks(limit=4, after=first["next"])
    found = [*first["tasks"], *second["tasks"]]
    assert [each["due_at"] for each in found] == sorted(each["due_at"] for each in found)
    assert (len(found), "next" in second) == (6, False)
    assert len(desk.owed(region="south")) == 4


def test_whoever_asks_sees_no_case_about_themselves(desk: HandlingDesk) -> None:
    mine, theirs = asked(desk, "quality"), asked(desk, "quality", complained_about=["张敏"])
    assert {each["case_no"] for each in desk.tasks(by="desk")["tasks"]} == {mine, theirs}
    assert {each["case_no"] for each in desk.tasks(by="zhang.min", overdue=False)["tasks"]} == {mine}


def owed_from_the_start() -> Duties:
    """Duties of an operator, by which an opinion is owed once a case came in."""
    own = {
        "departments": {"quality": {"names": {"zh": "品质部", "en": "Quality"}}},
        "duties": {
            "opinion": {
                "says": {"zh": "给出处理意见", "en": "give the opinion"},
                "steps": "give_opinion",
                "owed_by": "owner",
                "after": "received",
                "due": {"hours": 8},
            }
        },
    }
    return read_duties(own, "own", Known(load_people().knows, ROLES))


def test_duties_that_changed_make_tasks_again(desk: HandlingDesk) -> None:
    case_no = asked(desk, "quality")
    duties = owed_from_the_start()
    desk.office.book = replace(BOOK, duties=duties)
    fresh = desk.office.case_no()
    assert desk.renew(by="desk", limit=1) == {"cases": 1, "changed": 2, "next": 1}
    assert desk.rows(case_no)[0] == desk.rows(case_no)[1]
    assert desk.owed(owner="li.qiang") == [("opinion", "open")]
    desk.office.look_after()
    assert desk.owed(case_no=fresh) == [("opinion", "open")]
    assert desk.renew(by="desk") == {"cases": 2, "changed": 0}


def test_a_step_between_registration_and_the_look_behind_it_keeps_its_tasks(desk: HandlingDesk) -> None:
    desk.office.book = replace(BOOK, duties=owed_from_the_start())
    case_no = desk.office.case_no()
    with desk.office.database.read() as connection:
        before = CaseFile(connection).find(case_no)
    assert before
    desk.step(case_no, "hand_over", owner="li.qiang")
    desk.step(case_no, "give_opinion", accountable="li.qiang", text="x", no_warning_reason="x")
    with desk.office.database.write() as uow:
        owe_at_once(desk.office.house(), uow, [before])
    assert desk.rows(case_no)[0] == desk.rows(case_no)[1]


def test_somebody_speaks_for_their_own_department_by_any_of_its_names(desk: HandlingDesk) -> None:
    boss = Person(id="boss", name="主管", roles=("complaints_desk",), phone="+12025550100")
    tester = Person(id="tester", name="检验员", roles=("technician",), phone="+12025550101", department="品质部")
    desk.office.people = People([boss, tester])
    case_no = desk.office.case_no(registrar="boss")
    desk.step(case_no, "request_analysis", by="boss", departments=["quality", "production"])
    finding = {"finding": "wrong mix", "ours": True}
    desk.step(case_no, "give_finding", by="tester", department="Quality", **finding)
    with pytest.raises(Forbidden):
        desk.step(case_no, "give_finding", by="tester", department="production", **finding)
    with pytest.raises(Forbidden):
        desk.put(case_no, by="stranger")


def test_an_owner_by_the_rules_owes_what_the_owner_owes(desk: HandlingDesk) -> None:
    case_no = desk.office.case_no(region="south")
    desk.step(case_no, "determine_cause", cause="other", departments=["quality"], grounds="x", ours=False)
    assert desk.tasks(department="quality")["tasks"][0]["owed_by"]["name"] == {"zh": "品质部", "en": "Quality"}
    rules = {
        "assignment": "all",
        "rules": [{"name": "all", "to": {"people": ["li.qiang"]}}],
        "fallback": {"people": ["desk"]},
    }
    desk.office.ask_house("publish_assignment", rules=rules, by="desk")
    desk.step(case_no, "record_progress", text="x")
    desk.office.look_after()
    assert desk.owed(owner="li.qiang") == [("appraisal", "open")]
    assert desk.rows(case_no)[0] == desk.rows(case_no)[1]


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


def test_the_files_may_be_the_operators_own(tmp_path: Path) -> None:
    file = tmp_path / "duties.yaml"
    file.write_text("departments: {a: {names: {zh: 甲, en: A}}}\nduties: {}\n", encoding="utf-8")
    assert load_handbook(HandlingFiles(duties=file)).duties.code_of("甲") == "a"


def test_on_the_form_a_department_is_one_under_all_its_names(desk: HandlingDesk) -> None:
    case_no = asked(desk, "quality", severity="serious")
    desk.step(case_no, "excuse_department", department="品质部", reason="on leave")
    desk.step(case_no, "give_opinion", accountable="desk", text="ours", no_warning_reason="one piece")
    desk.step(case_no, "propose_measure", department="品质部", measure="another mix")
    desk.step(case_no, "name_approvers", departments=["Quality", "quality", "production"], order="parallel")
    desk.step(case_no, "approve", department="quality")
    with pytest.raises(Conflict, match="品质部 has approved in this round already"):
        desk.step(case_no, "approve", department="Quality")
    with pytest.raises(Conflict, match="Logistics is not asked; named are 品质部, production"):
        desk.step(case_no, "approve", department="Logistics")
    assert desk.step(case_no, "approve", department="生产部")["handling"]["form"]["approved"]


def test_what_other_services_tell_changes_what_is_owed(desk: HandlingDesk) -> None:
    visit = {"says": {"zh": "写明上门所见", "en": "Say what was found"}, "steps": ["inspect"], "owed_by": "owner"}
    own = {"departments": {}, "duties": {"findings": {**visit, "after": "visit_done", "due": {"workdays": 1}}}}
    desk.office.book = replace(BOOK, duties=read_duties(own, "own", Known(load_people().knows, ROLES)))
    case_no = desk.office.case_no()
    desk.step(case_no, "hand_over", owner="li.qiang")
    done = Envelope("1", "/aftercare/maintenance", "order.completed.v1", "W-7", START, 1, {"case_no": case_no})
    desk.office.hear(done)
    assert desk.owed(owner="li.qiang") == [("findings", "open")]
