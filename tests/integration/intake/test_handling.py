"""Handling on a real database: the form, the closing gate, call backs, compensation, and cases of before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from services.intake.storage.policy_files import load_handbook
from services.intake.storage.repository import CaseFile
from services.intake.storage.tables import cases, tasks
from shared.base.database import Database
from shared.base.people import People, Person
from shared.kernel.errors import Conflict, Forbidden, Invalid
from tests.integration.intake.handling_desk import HandlingDesk
from tests.integration.intake.office import Office

Answer = dict[str, Any]
CAUSE: Answer = {"cause": "quality_defect", "departments": ["质检部"], "grounds": "留样复检不合格", "ours": True}


def take(office: Office, case_no: str, *steps: tuple[str, Answer]) -> Answer:
    """Steps, each a minute after the one before; the last answer."""
    for step, fields in steps:
        office.clock.forward(timedelta(minutes=1))
        answer = office.step(case_no, step, **fields)
    return answer


def worked_out(office: Office, **given: Any) -> str:
    """A serious case with an opinion."""
    case_no = office.case_no(**{"severity": "serious", **given})
    opinion = {"accountable": "desk", "text": "ours", "no_warning_reason": "one piece"}
    take(office, case_no, ("hand_over", {"owner": "desk"}), ("give_opinion", opinion))
    return case_no


def test_a_serious_case_from_opinion_to_the_end(office: Office) -> None:
    case_no = worked_out(office)
    take(
        office,
        case_no,
        ("determine_cause", CAUSE),
        ("propose_measure", {"department": "质检部", "measure": "换货"}),
        ("name_approvers", {"departments": ["质检部", "生产部"], "order": "in_turn"}),
        ("agree_plan", {"text": "下周换货", "subject_to_approval": True}),
    )
    with pytest.raises(Conflict) as early:
        office.step(case_no, "start_treatment")
    assert [each["what"] for each in early.value.detail["missing"]] == ["approval of 质检部", "approval of 生产部"]
    with pytest.raises(Conflict) as other:
        office.step(case_no, "approve", department="生产部")
    assert other.value.detail["next"] == "质检部"
    approved = take(office, case_no, ("approve", {"department": "质检部"}), ("approve", {"department": "生产部"}))
    form = approved["handling"]["form"]
    assert (form["approved"], form["missing_to_treat"]) == (True, [])
    assert form["approvals"][0] == {
        "department": "质检部",
        "by": "desk",
        "at": "2026-10-09T22:07:00+08:00",
        "round": 1,
        "seq": approved["facts"][-2]["seq"],
    }
    take(office, case_no, ("start_treatment", {}), ("resolve", {"result": "换好了", "accountable": "desk"}))
    take(office, case_no, ("revisit", {"satisfied": True, "score": 8}))
    with pytest.raises(Conflict) as refused:
        office.step(case_no, "close")
    assert [each["what"] for each in refused.value.detail["missing"]] == ["reaction", "improvement"]
    assert "close" not in refused.value.detail["legal"]
    assert office.get(case_no)["handling"]["closing"]["missing"] == refused.value.detail["missing"]
    improvement = {"measure": "加严检验", "owner": "desk", "due_at": "2026-12-01T00:00:00Z"}
    closed = take(office, case_no, ("record_reaction", {"text": "满意"}), ("improve", improvement), ("close", {}))
    assert closed["state"] == "closed"
    assert "closing" not in closed["handling"]


def test_the_form_of_a_protected_customer_tells_nothing_of_them(office: Office) -> None:
    customer = {"name": "欧阳娜娜", "phone": "13911112222", "protected": True}
    case_no = worked_out(office, customer=customer)
    told = office.step(case_no, "name_approvers", departments=["欧阳娜娜"], order="parallel")
    assert "欧阳娜娜" not in str(told["handling"])


def test_two_departments_approve_at_the_same_moment(office: Office) -> None:
    case_no = worked_out(office)
    office.step(case_no, "name_approvers", departments=["a", "b", "c"])

    def approve(department: str) -> str:
        try:
            office.step(case_no, "approve", department=department)
        except Conflict as refused:
            return refused.message
        return "approved"

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(approve, ["a", "a", "b", "c"]))
    assert told.count("approved") == 3
    assert office.get(case_no)["handling"]["form"]["approved"]


def test_who_is_not_content_has_the_case_back_in_one_request(office: Office) -> None:
    case_no = office.case_no()
    opinion = {"accountable": "desk", "text": "ours", "no_warning_reason": "one piece"}
    resolved = take(
        office,
        case_no,
        ("hand_over", {"owner": "desk"}),
        ("give_opinion", opinion),
        ("resolve", {"result": "done", "accountable": "desk"}),
        ("record_reaction", {"text": "badly", "score": 0}),
    )
    assert resolved["state"] == "resolved", "what customers say anywhere else reopens nothing"
    back = take(office, case_no, ("revisit", {"satisfied": True, "score": 8, "demand_met": False}))
    assert (back["state"], back["severity"]) == ("investigating", "serious")
    assert back["version"] == resolved["version"] + 1
    assert [fact["fact"] for fact in back["facts"][-3:]] == ["revisited", "reopened", "severity_raised"]
    said = [event for event in office.said() if event["sequence"] == str(back["version"])]
    assert [event["type"] for event in said] == ["case.revisited.v1", "case.reopened.v1", "case.severity_raised.v1"]
    assert {event["data"]["case"]["state"] for event in said} == {"investigating"}
    assert office.get(case_no)["history"][-2]["detail"]["because"] == ["demand_not_met"]


def test_compensation_within_limits(office: Office) -> None:
    case_no = worked_out(office)
    proposal = {"kind": "money", "amount": 5000.5, "reason": "返工"}
    told = office.step(case_no, "propose_compensation", by="li.qiang", **proposal)
    [asked] = told["handling"]["compensation"]
    key = told["facts"][-1]["key"]
    assert (asked["compensation_id"], asked["amount"], asked["currency"]) == (key, "5000.50", "CNY")
    with pytest.raises(Forbidden) as refused:
        office.step(case_no, "approve_compensation", by="aftersales-lead", compensation_id=key)
    assert refused.value.detail["may"] == ["sales-vp", "general-manager"]
    office.step(case_no, "approve_compensation", by="sales-vp", compensation_id=key)
    with pytest.raises(Conflict):
        office.step(case_no, "approve_compensation", by="sales-vp", compensation_id=key)
    paid = office.step(case_no, "pay_compensation", compensation_id=key)
    assert paid["handling"]["compensation"][0] == {
        **asked,
        "state": "paid",
        "decided_by": "sales-vp",
        "paid_on": "2026-10-09",
    }
    with pytest.raises(Conflict):
        office.step(case_no, "pay_compensation", compensation_id=key)
    assert "5000.50" not in str(office.said()), "money stays with intake"


def test_an_amount_that_is_none_is_named(office: Office) -> None:
    case_no = worked_out(office)
    before = office.get(case_no)
    with pytest.raises(Invalid) as refused:
        office.step(case_no, "propose_compensation", kind="refund", amount="a lot", reason="x")
    assert list(refused.value.detail) == ["amount"]
    assert office.get(case_no) == before


def test_an_unknown_approver_is_marked_until_people_are_loaded(office: Office) -> None:
    case_no = worked_out(office)
    told = office.step(case_no, "propose_compensation", kind="refund", amount=1, reason="x")
    key = told["facts"][-1]["key"]
    office.people = People([Person(id="ann", name="Ann", roles=("head",))])
    with pytest.raises(Forbidden):
        office.step(case_no, "approve_compensation", by="nobody", compensation_id=key)
    office.step(case_no, "approve_compensation", by="ann", compensation_id=key)


def test_a_case_of_before_is_handled_as_its_entries_tell(office: Office, database: Database) -> None:
    case_no = worked_out(office)
    take(office, case_no, ("propose_measure", {"department": "质检部", "measure": "换货"}), ("determine_cause", CAUSE))
    handled = take(office, case_no, ("approve", {"department": "质检部"}))["handling"]
    with database.write() as uow:
        uow.connection.execute(cases.update().values(handling=sa.null()))
    assert office.get(case_no)["handling"] == handled
    with pytest.raises(Conflict):
        office.step(case_no, "approve", department="质检部")
    office.step(case_no, "approve", department="生产部")
    with database.read() as connection:
        [kept] = connection.scalars(sa.select(cases.c.handling))
        assert len(kept["form"]["approvals"]) == 2
        found = CaseFile(connection).find(case_no)
    assert found is not None
    assert len(found.case.handling.form.approvals) == 2


def test_what_is_owed_in_a_case_of_before_is_what_its_entries_tell(office: Office, tmp_path: Path) -> None:
    office.book = load_handbook()
    desk, case_no = HandlingDesk(office, tmp_path), worked_out(office)
    take(office, case_no, ("propose_measure", {"department": "质检部", "measure": "换货"}), ("determine_cause", CAUSE))
    with office.database.write() as uow:
        uow.connection.execute(cases.update().values(handling=sa.null()))
        uow.connection.execute(tasks.delete())
    desk.renew(by="desk")
    stored, made = desk.rows(case_no)
    assert stored == made
    assert "measure:质检部" in [row["task_id"] for row in stored]


def test_a_case_that_just_came_in_keeps_nothing(office: Office, database: Database) -> None:
    case_no = office.case_no()
    office.step(case_no, "hand_over", owner="desk")
    with database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).where(cases.c.handling.is_not(None))) == 0
    assert "handling" not in office.get(case_no)
