"""Somebody protected: kept, told to the customer's own channels, and shown only where the identity is asked for."""

import json

import pytest

from tests.integration.intake.office import Office

HIDDEN = {"name": "欧阳娜娜", "phone": "13911112222", "email": "nana@marks.example", "protected": True}
MARKS = ("欧阳娜娜", "911112222", "nana@marks.example")
TEXT = "欧阳 娜娜 (139 1111 2222) says so"


@pytest.fixture
def case_no(office: Office) -> str:
    return office.case_no(customer=HIDDEN, subject=TEXT, description=TEXT)


def test_those_who_work_on_it_do_not_see_who_it_was(office: Office, case_no: str) -> None:
    seen = [
        office.step(case_no, "reply", text=TEXT, plan="x", by_when="2026-10-20T18:00:00+08:00"),
        office.step(case_no, "correct", set={"customer": {"name": "欧阳娜娜"}}, reason=TEXT),
        office.get(case_no),
        office.find(),
        office.lookup("13911112222"),
        office.status(phone="13911112222"),
        office.status(case_no=case_no),
    ]
    told = json.dumps(seen, ensure_ascii=False)
    assert not [mark for mark in MARKS if mark in told]
    case = office.get(case_no)
    assert case["customer"] == {"anonymous": False, "protected": True}
    assert case["subject"] == "[protected] ([protected]) says so"
    assert office.lookup("13911112222")["open_cases"] == []


def test_nobody_finds_the_case_by_trying_names(office: Office, case_no: str) -> None:
    assert [office.find(text=known)["cases"] for known in ("欧阳娜娜", "13911112222", "1111")] == [[], [], []]
    assert [case["case_no"] for case in office.find(text="says")["cases"]] == [case_no]
    open_about_it = office.case_no(customer={**HIDDEN, "protected": False}, subject=TEXT)
    assert len(office.find(text="欧阳")["cases"]) == 1
    office.step(open_about_it, "correct", set={"customer": {"protected": True}}, reason="asked for it")
    assert office.find(text="欧阳")["cases"] == []


def test_who_may_see_it_asks_for_it(office: Office, case_no: str) -> None:
    case = office.get(case_no, identity=True)
    assert case["customer"]["name"] == "欧阳娜娜"
    assert (case["subject"], case["history"][0]["detail"]["account"]["subject"]) == (TEXT, TEXT)


def test_the_receipt_still_goes_out(office: Office, case_no: str) -> None:
    (event,) = [each for each in office.said() if each["subject"] == case_no]
    assert event["data"]["case"]["customer"]["phone"] == "+8613911112222"
