"""Repeats on a database: proposed behind the caller's back, decided by a person, never by the machine (IN-20)."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from services.intake import handlers
from services.intake.storage import repeats
from shared.kernel.errors import Conflict, Forbidden, NotFound
from tests.integration.intake.office import Office

MACHINE = {"product": {"serial_no": "SN-1"}, "region": "south"}


def again(office: Office, **given: Any) -> tuple[str, str]:
    """Two calls about one machine, the second from another phone."""
    first = office.case_no(**MACHINE)
    office.clock.forward(timedelta(hours=1))
    second = office.case_no(**{**MACHINE, "customer": {"phone": "13900139000"}, "subject": "it leaks", **given})
    office.look_after()
    return first, second


def test_a_second_call_about_the_same_machine_is_proposed_and_nothing_else(office: Office) -> None:
    first, second = again(office)
    (found,) = office.ask_house("show_repeats", limit=9)["repeats"]
    assert (found["case_no"], found["first_case"], found["state"]) == (second, first, "proposed")
    assert found["reasons"] == [{"reason": "serial_no", "points": 60}]
    assert found["case"]["subject"] == "it leaks"
    assert office.get(second)["repeat_proposal"]["first_case"] == first
    assert "repeat_of" not in office.get(second)
    assert [case.get("seems_repeat_of") for case in office.find(limit=9)["cases"]] == [None, first]
    assert [each["type"] for each in office.said()] == ["case.registered.v1"] * 2
    assert office.lookup("13900139000")["repeats"] == [{"case_no": second, "first_case": first, "state": "proposed"}]


def test_a_person_confirms_and_the_case_is_linked(office: Office) -> None:
    first, second = again(office)
    office.ask_house("confirm_repeat", case_no=second, by="desk")
    case = office.get(second)
    assert (case["repeat_of"], case["state"], case["repeat_proposal"]["state"]) == (first, "registered", "confirmed")
    assert case["history"][-1]["detail"]["reason"] == "confirmed: the same serial number"
    assert office.said()[-1]["type"] == "case.repeat_linked.v1"
    assert office.ask_house("show_repeats", limit=9) == {"repeats": []}
    with pytest.raises(Conflict, match="was confirmed by desk already"):
        office.ask_house("reject_repeat", case_no=second, by="desk")


def test_what_was_rejected_is_remembered(office: Office) -> None:
    first, second = again(office)
    told = office.ask_house("reject_repeat", case_no=second, by="desk", reason="another leak")
    assert (told["state"], told["by"], told["note"]) == ("rejected", "desk", "another leak")
    with pytest.raises(Conflict, match="was rejected by desk already"):
        office.ask_house("confirm_repeat", case_no=second, by="desk")
    assert office.ask_house("show_repeats", limit=9) == {"repeats": []}
    assert [each["state"] for each in office.ask_house("show_repeats", limit=9, case_no=first)["repeats"]] == [
        "rejected"
    ]
    assert "repeats" not in office.lookup("13900139000")
    assert "repeat_of" not in office.get(second)


def test_a_repeat_of_a_repeat_leads_to_the_first(office: Office) -> None:
    first, second = again(office)
    office.ask_house("confirm_repeat", case_no=second, by="desk")
    office.clock.forward(timedelta(hours=1))
    third = office.case_no(customer={"phone": "13900139000"}, subject="something else")
    office.look_after()
    assert office.get(third)["repeat_proposal"]["first_case"] == first
    assert office.lookup("13900139000")["repeat"] is True


def test_both_in_one_batch_and_what_a_person_links_meanwhile(office: Office) -> None:
    first, second, third = (office.case_no(**MACHINE) for _ in range(3))
    office.look_after()
    listed = office.ask_house("show_repeats", limit=1)
    assert [each["case_no"] for each in listed["repeats"]] == [second]
    rest = office.ask_house("show_repeats", limit=9, after=listed["next"], state="proposed")
    assert [(each["case_no"], each["first_case"]) for each in rest["repeats"]] == [(third, first)]
    office.step(second, "link_repeat", repeat_of=first, reason="I know them")
    office.step(third, "withdraw", reason="found it")
    assert office.ask_house("show_repeats", limit=9) == {"repeats": []}


def test_a_desks_own_number_makes_nothing_a_repeat(office: Office) -> None:
    for number in range(24):
        office.register(subject=f"matter {number} alone", region=f"r{number}")
    office.look_after()
    found = office.ask_house("show_repeats", limit=99)["repeats"]
    late = office.case_no(subject="quite another thing", region="r99")
    office.look_after()
    assert "repeat_proposal" not in office.get(late)
    assert found == [], "in one batch too"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("外墙瓷砖大面积空鼓脱落", "外墙瓷砖空鼓脱落，大面积"),
        ("tile adhesive does not hold on the outer wall", "Tile adhesive does not hold on outer wall!"),
        ("leaks", "Leaks"),
        ("pump leaks", "pump leaks."),
    ],
)
def test_a_like_subject_in_the_same_region(office: Office, one: str, other: str) -> None:
    first = office.case_no(subject=one, region="south", customer={"phone": "13800138001"})
    second = office.case_no(subject=other, region="south", customer={"phone": "13800138002"})
    elsewhere = office.case_no(subject=other, region="north", customer={"phone": "13800138003"})
    office.look_after()
    assert office.get(second)["repeat_proposal"]["first_case"] == first
    assert [each["reason"] for each in office.get(second)["repeat_proposal"]["reasons"]] == ["subject"]
    assert "repeat_proposal" not in office.get(elsewhere)


def test_history_and_the_anonymous_are_left_alone(office: Office) -> None:
    office.register(**MACHINE)
    past = office.case_no(**MACHINE, mode="history", occurred_at="2026-10-09T20:00:00+08:00")
    hidden = office.case_no(**MACHINE | {"customer": {"anonymous": True}})
    office.look_after()
    assert not {"repeat_proposal"} & (office.get(past).keys() | office.get(hidden).keys())


def test_who_decides_is_somebody_and_the_case_is_there(office: Office) -> None:
    _, second = again(office)
    with pytest.raises(NotFound, match="nothing is proposed"):
        office.ask_house("confirm_repeat", case_no=office.case_no(subject="else", customer={}), by="desk")
    with pytest.raises(NotFound, match="no case"):
        office.ask_house("show_repeats", limit=9, case_no="100000000008")
    office.people.is_example = False
    for decision in ("confirm_repeat", "reject_repeat"):
        with pytest.raises(Forbidden):
            office.ask_house(decision, case_no=second, by="stranger")


def test_cases_under_a_key_are_read_from_its_index_however_many_share_it(office: Office) -> None:
    with office.database.write() as uow:
        rows = [{"key": 7, "case_id": case_id} for case_id in range(1000, 3000)]
        uow.connection.execute(repeats.repeat_keys.insert(), rows)
    text = repeats._UNDER["sqlite" if office.database.is_sqlite else "postgresql"]
    with office.database.read() as connection:
        if office.database.is_sqlite:
            query, keys = f"EXPLAIN QUERY PLAN {text}", "[7, 8]"
        else:
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
            query, keys = f"EXPLAIN {text}", [7, 8]
        plan = str(connection.execute(sa.text(query), {"keys": keys, "most": 22}).all())
    assert "SCAN repeat_keys" not in plan, plan
    assert "SCAN cases" not in plan, plan
    assert "Seq Scan" not in plan, plan


def test_keys_that_nothing_to_come_is_compared_with_are_deleted(office: Office) -> None:
    office.case_no(**MACHINE)
    office.look_after()
    office.clock.forward(timedelta(days=300))
    _, second = again(office)
    office.clock.forward(timedelta(days=100))
    policy, keys = office.house().repeats, sa.select(sa.func.count(repeats.repeat_keys.c.case_id.distinct()))
    with office.database.write() as uow:
        assert uow.connection.scalar(keys) == 3
        assert handlers.forget_old_keys(policy, uow) > 0
        assert handlers.forget_old_keys(policy, uow) == 0
        assert uow.connection.scalar(keys) == 2
    third = office.case_no(**MACHINE)
    office.look_after()
    assert office.get(third)["repeat_proposal"]["reasons"], second
