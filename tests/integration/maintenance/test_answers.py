"""Checklists are answered and checked; what failed is a defect (MA-4, MA-5)."""

from typing import Any

import pytest

from shared.kernel.errors import Forbidden, Invalid
from tests.integration.maintenance.workshop import Workshop

NO_FEEDBACK = {
    "result": "failed",
    "note": "no feedback from mixer 2",
    "evidence": [{"ref": "photo-1", "kind": "photo"}],
}


def test_a_failed_item_is_a_defect_and_is_told_once(workshop: Workshop, order_no: str) -> None:
    workshop.at_work(order_no, "2026-01-30 10:00")
    workshop.said()
    answers = workshop.answers(
        order_no, feedback_test=NO_FEEDBACK, motors={"result": "failed", "reading": 0.2, "note": "wet"}
    )
    done = workshop.do("complete_order", order_no=order_no, by="technician-south", items=answers)
    assert [each["defect_id"] for each in done["defects"]] == ["D-W1-0-feedback_test", "D-W1-0-motors"]
    said = workshop.said()
    assert [each.change for each in said] == ["order.completed", "defect.found", "defect.found"]
    assert {each.sequence for each in said} == {4}
    assert said[2].data["defect"] == {
        "defect_id": "D-W1-0-motors",
        "item": "motors",
        "text": {"zh": "电机测试", "en": "Motors tested"},
        "note": "wet",
        "reading": "0.2 MΩ",
    }
    sent_back = workshop.do("check_order", order_no=order_no, by="south-desk", passed=False, note="dusty")
    assert (sent_back["state"], sent_back["reason"]) == ("in_progress", "dusty")
    again = workshop.answers(order_no, feedback_test=NO_FEEDBACK, motors={"result": "ok", "reading": 3})
    workshop.do("complete_order", order_no=order_no, by="technician-south", items=again)
    assert [each.change for each in workshop.said()] == ["order.completed"], "a defect is told once"


def test_work_sent_back_may_still_become_overdue_but_only_once(workshop: Workshop, order_no: str) -> None:
    workshop.at_work(order_no, "2026-01-30 10:00")
    workshop.do("complete_order", order_no=order_no, by="technician-south", items=workshop.answers(order_no))
    workshop.do("check_order", order_no=order_no, by="south-desk", passed=False, note="dusty")
    workshop.said()
    assert [each.change for each in workshop.forward("2026-02-03 00:00")] == ["order.overdue"]
    workshop.do("complete_order", order_no=order_no, by="technician-south", items=workshop.answers(order_no))
    workshop.do("check_order", order_no=order_no, by="south-desk", passed=False, note="dusty still")
    assert [each.change for each in workshop.forward("2026-02-20 00:00") if each.order_no == order_no] == [
        "order.completed"
    ]


def test_results_have_more_than_one_word(workshop: Workshop, order_no: str) -> None:
    workshop.at_work(order_no, "2026-01-30 10:00")
    said = {"power_supply": "pass", "motors": "passed", "lines": "fail", "cabinets": "n/a"}
    answers = workshop.answers(order_no, **{item: {"result": word, "note": "x"} for item, word in said.items()})
    done = workshop.do("complete_order", order_no=order_no, by="technician-south", items=answers)
    kept = {line["item"]: line["result"] for line in done["checklist"]}
    assert [kept[item] for item in said] == ["ok", "ok", "failed", "not_applicable"]
    assert [each["item"] for each in done["defects"]] == ["lines"]


def test_nobody_checks_his_own_work(workshop: Workshop, order_no: str) -> None:
    workshop.at_work(order_no, "2026-01-30 10:00")
    workshop.do("complete_order", order_no=order_no, by="technician-south", items=workshop.answers(order_no))
    with pytest.raises(Forbidden, match="somebody else must check it"):
        workshop.do("check_order", order_no=order_no, by="华南维保技师", passed=True)
    with pytest.raises(Invalid, match="note"):
        workshop.do("check_order", order_no=order_no, by="south-desk", passed=False)


def test_a_checklist_that_is_not_answered_names_every_item(workshop: Workshop, order_no: str) -> None:
    workshop.at_work(order_no, "2026-01-30 10:00")
    answers = workshop.answers(
        order_no, power_supply={"reading": 12}, motors={"reading": "wet"}, lines={"result": "failed"}
    )
    items = [each for each in answers if each["item"] not in ("cabinets", "hardware")]
    items += [{"item": "quarter_backup", "result": "ok"}, items[0]]
    with pytest.raises(Invalid) as refused:
        workshop.do("complete_order", order_no=order_no, by="technician-south", items=items)
    told = refused.value.detail
    assert set(told) == {
        "items.0.reading",
        "items.8.reading",
        "items.10.note",
        "items.11.item",
        "items.12.item",
        "items.cabinets",
        "items.hardware",
    }
    assert told["items.0.reading"] == [
        "12 % is out of range (from -10 to 7 %); answer `failed`, or correct the reading"
    ]
    assert told["items.8.reading"] == ["must be a number, in MΩ"]
    assert told["items.cabinets"] == ["is not answered: Control cabinets cleaned of dust"]
    assert workshop.ask("get_order", order_no=order_no)["state"] == "in_progress"


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ({"result": "fine"}, "items.0.result"),
        ({"reading": True}, "items.0.reading"),
        ({"reading": 1e300}, "items.0.reading"),
        ({"reading": 10**400}, "items.0.reading"),
        ({"reading": float("nan")}, "items.0.reading"),
        ({"note": ""}, "items.0.note"),
        ({"evidence": [{"kind": "photo"}]}, "items.0.evidence.0.ref"),
        ({"result": "not_applicable"}, "items.0.note"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_wrong_answer_is_refused_by_field(
    workshop: Workshop, order_no: str, answer: dict[str, Any], field: str
) -> None:
    workshop.at_work(order_no, "2026-01-30 10:00")
    items = workshop.answers(order_no, power_supply=answer)
    with pytest.raises(Invalid) as refused:
        workshop.do("complete_order", order_no=order_no, by="technician-south", items=items)
    assert list(refused.value.detail) == [field]
