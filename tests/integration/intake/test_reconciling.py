"""An exchange's own records against what it told: what was lost is found, mended once, and nothing is doubled."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from shared.kernel.errors import Invalid
from tests.integration.intake.exchange import LINE, Exchange
from tests.integration.intake.office import Office

MINUTE = timedelta(minutes=1)


@pytest.fixture
def exchange(office: Office) -> Exchange:
    return Exchange(office)


def lost(answer: dict[str, Any]) -> list[tuple[str, list[str], list[str]]]:
    return [(each["call"]["call_id"], each["reasons"], each["repaired"]) for each in answer["found"]]


def test_what_was_never_heard_is_found_and_mended_once(office: Office, exchange: Exchange) -> None:
    at = office.clock.now() - 60 * MINUTE
    answered = {"answered_at": (at + MINUTE).isoformat(), "seconds": 300, "user": "li.qiang"}
    exchange.tells("newCall", "rings for ever", at=at)
    exchange.misses("told", at=at, caller="13900000000")
    rows = [
        exchange.row("told", at, caller="13900000000"),
        exchange.row("missed", at, caller="13700000000"),
        exchange.row("spoken", at, **answered),
        exchange.row("rings for ever", at, **answered),
        exchange.row("hidden", at, caller="anonymous"),
        exchange.row("ours", at, **answered, direction="out", caller=LINE, to="13600000000"),
    ]
    expected = [
        ("missed", ["unheard"]),
        ("spoken", ["unheard", "no_case"]),
        ("rings for ever", ["incomplete", "no_case"]),
        ("hidden", ["unheard"]),
        ("ours", ["unheard"]),
    ]
    seen = exchange.reconcile(*rows)
    assert lost(seen) == [(call_id, why, []) for call_id, why in expected]
    assert (seen["read"], seen["calls"], seen["known"], seen["refused"]) == (6, 6, 1, [])
    assert sorted(exchange.find()) == ["rings for ever", "told"]

    mended = exchange.reconcile(*rows, apply=True)
    assert lost(mended) == [(call_id, why, [each for each in why if each != "no_case"]) for call_id, why in expected]
    assert exchange.get("missed")["callback"] == "opened"
    assert exchange.get("hidden")["callback"] == "withheld"
    assert exchange.get("rings for ever")["users"] == ["li.qiang"]
    case = office.get(exchange.get("missed")["case_no"])
    assert case["milestones"]["received"] == "2026-10-09T21:00:00+08:00", "its clock runs from the call"

    rest = [("spoken", ["no_case"]), ("rings for ever", ["no_case"])]
    assert lost(exchange.reconcile(*rows, apply=True)) == [(call_id, why, []) for call_id, why in rest]
    assert lost(exchange.reconcile(*rows, apply=True, open_cases=True)) == [
        (call_id, why, why) for call_id, why in rest
    ]
    assert "li.qiang" in office.get(exchange.get("spoken")["case_no"])["description"]
    told = len(office.said())
    again = exchange.reconcile(*rows, apply=True, open_cases=True)
    assert (again["found"], again["known"], len(office.said())) == ([], 6, told)


def test_the_legs_of_a_call_are_one_call(office: Office, exchange: Exchange) -> None:
    at = office.clock.now() - 60 * MINUTE
    rows = [
        exchange.row("c-1", at, queue="hotline", cause="noAnswer"),
        exchange.row("c-1", at + MINUTE, answered_at=(at + 2 * MINUTE).isoformat(), seconds=300, user="zhang.min"),
    ]
    [found] = exchange.reconcile(*rows, apply=True)["found"]
    assert (found["rows"], found["call"]["state"], found["call"]["users"]) == ([1, 2], "ended", ["zhang.min"])
    assert office.find()["cases"] == [], "no callback for a leg that nobody took"


def test_what_contradicts_is_told_and_left_alone(office: Office, exchange: Exchange) -> None:
    at = office.clock.now() - MINUTE
    exchange.tells("newCall", at=at)
    exchange.tells("answer", user="li.qiang", at=at)
    exchange.tells("hangup", at=at)
    [found] = exchange.reconcile(exchange.row("c-1", at), apply=True)["found"]
    assert (found["reasons"], found["repaired"]) == (["contradicts"], [])


def test_bad_rows_refuse_themselves_with_their_number(office: Office, exchange: Exchange) -> None:
    at = office.clock.now() - 60 * MINUTE
    good = exchange.row("good", at)
    rows = [
        {**good, "call_id": ""},
        good,
        "no row at all",
        {**good, "row": 77, "direction": "up", "started_at": "yesterday"},
        {**good, "call_id": "b", "answered_at": (at - MINUTE).isoformat()},
        {**good, "call_id": "c", "started_at": (at + 90 * MINUTE).isoformat()},
    ]
    answer = exchange.reconcile(*rows, apply=True)
    assert [(each["row"], sorted(each["errors"])) for each in answer["refused"]] == [
        (1, ["call_id"]),
        (3, ["request"]),
        (5, ["answered_at"]),
        (6, ["started_at"]),
        (77, ["direction", "started_at"]),
    ]
    assert exchange.find() == ["good"]
    for wrong in ({"calls": []}, {"calls": [{}] * 501}, {"calls": [{}], "open_cases": True}):
        with pytest.raises(Invalid):
            exchange.reconcile(**wrong)


def test_records_and_events_at_once_wait_in_no_circle(office: Office, exchange: Exchange) -> None:
    at = office.clock.now() - 60 * MINUTE
    callers = ["13700000001", "13700000002"]
    rows = [exchange.row(f"c-{place}", at + place * MINUTE, caller=callers[place % 2]) for place in range(4)]

    def work(place: int) -> None:
        if place % 4 == 0:
            exchange.reconcile(*(rows if place % 8 else rows[::-1]), apply=True)
        else:
            call = place % 4
            exchange.tells(("newCall", "hangup")[place // 4 % 2], f"c-{call}", caller=callers[call % 2], at=at)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(24)))
    assert sorted(exchange.find(state="missed")) == ["c-0", "c-1", "c-2", "c-3"]
    assert len(office.find()["cases"]) == 2, "one callback a number"
