"""Questions on a real database: pages, filters, callers, words to be said aloud."""

from datetime import timedelta
from typing import Any

import pytest

from services.intake.domain.numbers import case_number
from shared.kernel.errors import Invalid, NotFound
from tests.integration.intake.counter import Counter
from tests.integration.intake.office import Office

PROMISE = {"reply_by": "2026-10-10T22:00:00+08:00", "provisional": False, "explanation": "24 hours"}


def numbers(answer: dict[str, Any]) -> list[str]:
    return [case["case_no"] for case in answer["cases"]]


def test_pages_are_oldest_first_and_complete_while_new_cases_come_in(office: Office) -> None:
    registered = []
    for minute in (3, 1, 2, 2, 5):
        at = office.clock.now() - timedelta(minutes=minute)
        registered.append((-minute, len(registered), office.case_no(occurred_at=at.isoformat())))
    expected = [case_no for _minute, _order, case_no in sorted(registered)]
    first = office.find(limit=2)
    late = office.case_no()
    second = office.find(limit=2, after=first["next"])
    third = office.find(limit=2, after=second["next"])
    assert numbers(first) + numbers(second) + numbers(third) == [*expected, late]
    assert "next" not in third
    newest, after = [], {}
    for _page in range(3):
        page = office.find(limit=2, newest=True, **after)
        newest += numbers(page)
        after = {"after": page.get("next")}
    assert newest == [late, *expected[::-1]]
    assert after == {"after": None}
    assert not {"facts", "history"} & first["cases"][0].keys()


@pytest.mark.parametrize("after", ["x", "bm90IGEgY3Vyc29y", "é"])
def test_a_made_up_cursor_is_refused(office: Office, after: str) -> None:
    with pytest.raises(Invalid) as refused:
        office.find(after=after)
    assert list(refused.value.detail) == ["after"]


def test_each_filter(office: Office) -> None:
    south = office.case_no(region="south.guangdong", subject="瓷砖脱落", category="workmanship")
    north = office.case_no(region="north", kind="repair", severity="major")
    office.case_no(region="south_east")
    office.step(north, "hand_over", owner="north-desk")
    assert numbers(office.find(region="south")) == [south]
    assert numbers(office.find(region="south.guangdong")) == [south]
    assert numbers(office.find(region="north")) == [north]
    assert numbers(office.find(kind="repair")) == [north]
    assert numbers(office.find(severity="major", state="handed_over", owner="north-desk")) == [north]
    assert numbers(office.find(owner="华北区域售后")) == [north], "one person by id and by name"
    assert numbers(office.find(category="workmanship")) == [south]
    assert numbers(office.find(text="脱落")) == [south]
    assert numbers(office.find(text="%")) == []
    assert numbers(office.find(state="closed")) == []
    assert len(office.find(text="STICK")["cases"]) == 3


def test_an_underscore_in_a_region_is_only_itself(office: Office) -> None:
    office.case_no(region="southxeast.city")
    inside = office.case_no(region="south_east.city")
    assert numbers(office.find(region="south_east")) == [inside]


def test_a_span_of_time_is_half_open(office: Office) -> None:
    case_no = office.case_no()
    now = office.clock.now()
    second = timedelta(seconds=1)
    assert numbers(office.find(since=now.isoformat(), to=(now + second).isoformat())) == [case_no]
    assert numbers(office.find(to=now.isoformat())) == []
    assert numbers(office.find(since=(now + second).isoformat())) == []


def test_a_caller_is_recognised(office: Office) -> None:
    closed = office.case_no(customer={"name": "张三", "phone": "13800138000", "email": "z@customer.example"})
    office.step(closed, "withdraw", reason="x")
    still_open = office.register(PROMISE, customer={"phone": "+86 138 0013 8000", "anonymous": True})["case_no"]
    answer = office.lookup("138-0013-8000")
    line = {"case_no": still_open, "state": "registered", "subject": "tile adhesive", "reply_by": PROMISE["reply_by"]}
    assert answer == {
        "customer": {"name": "张三", "phone": "+8613800138000", "email": "z@customer.example"},
        "open_cases": [line],
        "equipment": [],
        "calls": [],
        "repeat": True,
    }


def test_an_answer_is_promised_until_one_says_what_will_be_done_and_by_when(office: Office) -> None:
    case_no = office.register(PROMISE)["case_no"]
    office.step(case_no, "reply", text="we look into it")
    assert office.lookup("13800138000")["open_cases"][0]["reply_by"] == PROMISE["reply_by"]
    by_when = (office.clock.now() + timedelta(days=1)).isoformat()
    office.step(case_no, "reply", text="we come tomorrow", plan="visit", by_when=by_when)
    assert "reply_by" not in office.lookup("13800138000")["open_cases"][0]
    assert "answer you by" not in office.status(case_no=case_no)["cases"][0]["say"]["en"]


def test_a_stranger_calls(office: Office) -> None:
    assert office.lookup("13900000000") == {"open_cases": [], "equipment": [], "calls": [], "repeat": False}


def test_the_state_of_a_case_is_said_to_who_knows_its_number(office: Office) -> None:
    case_no = office.register(PROMISE)["case_no"]
    [status] = office.status(case_no=case_no)["cases"]
    assert (status["case_no"], status["state"]) == (case_no, "registered")
    assert "已登记" in status["say"]["zh"]
    assert "10月10日22点00分" in status["say"]["zh"]
    assert "by 22:00 on 10 October" in status["say"]["en"]
    assert "张三" not in str(status)


def test_a_caller_hears_of_their_own_cases_only(office: Office) -> None:
    mine = office.case_no()
    theirs = office.case_no(customer={"phone": "13900000000"})
    assert numbers(office.status(phone="13800138000")) == [mine]
    assert office.status(phone="13700000000") == {"cases": []}
    with pytest.raises(NotFound):
        office.status(case_no=theirs, phone="13800138000")
    office.step(mine, "withdraw", reason="x")
    assert office.status(phone="13800138000")["cases"][0]["state"] == "withdrawn"


@pytest.mark.parametrize("secret", ["anonymous", "protected"])
def test_a_mere_number_hears_nothing_of_who_must_not_be_known(office: Office, secret: str) -> None:
    """The number may be that of the company complained about."""
    case_no = office.case_no(customer={"phone": "13800138000", secret: True})
    assert office.status(phone="13800138000") == {"cases": []}
    assert numbers(office.status(case_no=case_no, phone="13800138000")) == [case_no]


@pytest.mark.parametrize("withheld", ["anonymous", "匿名", "sip:anonymous@anonymous.invalid"])
def test_a_withheld_number_is_as_good_as_none(office: Office, withheld: str) -> None:
    case_no = office.case_no()
    assert office.lookup(withheld) == {"open_cases": [], "equipment": [], "calls": [], "repeat": False}
    assert office.status(phone=withheld) == {"cases": []}
    assert numbers(office.status(case_no=case_no, phone=withheld)) == [case_no]


def test_a_caller_hears_of_their_case_from_each_of_their_numbers(office: Office) -> None:
    case_no = office.case_no()
    Counter(office).add(phones=["13800138000", "13900000000"])
    assert numbers(office.status(case_no=case_no, phone="sip:+8613900000000@exchange.example")) == [case_no]
    with pytest.raises(NotFound) as theirs:
        office.status(case_no=case_no, phone="13700000000")
    with pytest.raises(NotFound) as nobodys:
        office.status(case_no=case_number(0), phone="13700000000")
    assert theirs.value.message.replace(case_no, "") == nobodys.value.message.replace(case_number(0), "")


def test_a_number_is_found_as_people_write_it(office: Office) -> None:
    case_no = office.case_no()
    assert office.get(f"{case_no[:4]} {case_no[4:8]}-{case_no[8:]}")["case_no"] == case_no
    wrong = case_no[:-1] + str((int(case_no[-1]) + 1) % 10)
    with pytest.raises(NotFound, match="check digit"):
        office.get(wrong)
