"""Plans: set, set again, replaced, and those that never fire (MA-2, MA-3)."""

from typing import Any

import pytest

from services.maintenance.handlers import House
from shared.base.people import People
from shared.kernel.errors import Forbidden, Invalid, NotFound
from tests.integration.maintenance.workshop import Workshop

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""What is refused before any SQL need not be refused twice."""


def states(workshop: Workshop, equipment_id: str) -> dict[str, str]:
    return {each["order_no"]: each["state"] for each in workshop.ask("orders", equipment_id=equipment_id)["orders"]}


def test_a_plan_tells_its_next_slots_with_the_working_day_beside_the_grid(workshop: Workshop) -> None:
    equipment_id = workshop.line()
    plan = workshop.do("set_plan", equipment_id=equipment_id, level="routine", anchor="2026-01-31", by="south-desk")
    assert [(each["day"], each["due_on"]) for each in plan["upcoming"]] == [
        ("2026-01-31", "2026-02-02"),
        ("2026-02-28", "2026-02-28"),
        ("2026-03-31", "2026-03-31"),
    ]


def test_the_same_plan_again_changes_nothing(workshop: Workshop) -> None:
    equipment_id = workshop.planned_line("2026-01-31")
    workshop.forward("2026-01-20 00:00")
    for request in ({"anchor": "2026-01-31"}, {}):
        again = workshop.do("set_plan", equipment_id=equipment_id, level="routine", **request)
        assert (again["plan_id"], again["changed"], again["next_slot"]) == ("P1", False, 1)
    assert workshop.said() == []


def test_without_an_anchor_the_first_visit_is_a_period_after_the_installation(workshop: Workshop) -> None:
    equipment_id = workshop.line(installed_on="2025-11-30")
    plan = workshop.do("set_plan", equipment_id=equipment_id, level="quarterly")
    assert (plan["anchor"], plan["upcoming"][0]["day"]) == ("2025-11-30", "2026-02-28")
    fresh = workshop.line(serial_no="SN 2")
    plan = workshop.do("set_plan", equipment_id=fresh, level="routine")
    assert (plan["anchor"], plan["upcoming"][0]["day"]) == ("2026-01-05", "2026-02-05")


def test_what_lay_before_the_plan_was_set_is_none_of_its_slots(workshop: Workshop) -> None:
    equipment_id = workshop.planned_line("2019-05-31")
    assert workshop.jump("2026-01-05 10:00") == []
    assert workshop.ask("get_equipment", equipment_id=equipment_id)["slots"] == []
    assert workshop.ask("get_equipment", equipment_id=equipment_id)["plans"][0]["first_slot"] == 80


def test_a_plan_in_place_of_another_cancels_what_nobody_has_begun(workshop: Workshop) -> None:
    equipment_id = workshop.planned_line("2026-01-31")
    workshop.forward("2026-01-20 00:00")
    new = workshop.do("set_plan", equipment_id=equipment_id, level="routine", anchor="2026-01-15", period="quarterly")
    assert (new["plan_id"], new["cancelled"]) == ("P2", ["W1-0"])
    assert [each.change for each in workshop.said()] == ["order.cancelled"]
    assert workshop.ask("get_order", order_no="W1-0")["reason"] == "its plan was replaced by P2"
    assert [each.order_no for each in workshop.forward("2026-04-01 00:00")] == ["W2-1"]


def test_what_is_past_due_is_not_cancelled_with_its_plan(workshop: Workshop) -> None:
    equipment_id = workshop.planned_line("2026-01-31")
    workshop.forward("2026-02-03 00:00")
    new = workshop.do("set_plan", equipment_id=equipment_id, level="routine", anchor="2026-02-15")
    assert new["cancelled"] == []
    assert states(workshop, equipment_id)["W1-0"] == "planned"


def test_a_bigger_plan_set_later_takes_the_smaller_order_over(workshop: Workshop) -> None:
    equipment_id = workshop.planned_line("2026-01-31")
    workshop.forward("2026-01-20 00:00")
    workshop.do("set_plan", equipment_id=equipment_id, level="annual", anchor="2026-02-02")
    assert [(each.change, each.order_no) for each in workshop.said()] == [
        ("order.planned", "W2-0"),
        ("order.cancelled", "W1-0"),
    ]
    slots = workshop.ask("get_equipment", equipment_id=equipment_id)["slots"]
    assert [each.get("into") for each in slots] == [None, {"plan_id": "P2", "slot": 0}]


def test_a_slot_whose_bigger_visit_never_comes_becomes_an_order_after_all(workshop: Workshop) -> None:
    equipment_id = workshop.planned_line("2026-01-31", "routine", "annual")
    workshop.forward("2026-01-20 00:00")
    assert states(workshop, equipment_id) == {"W2-0": "planned"}
    workshop.do("set_plan", equipment_id=equipment_id, level="annual", anchor="2026-06-30")
    assert states(workshop, equipment_id) == {"W1-0": "planned", "W2-0": "cancelled"}
    assert [(each.change, each.order_no) for each in workshop.said()] == [
        ("order.cancelled", "W2-0"),
        ("order.planned", "W1-0"),
    ]


def test_a_plan_that_is_due_already_makes_its_order_at_once(workshop: Workshop) -> None:
    workshop.planned_line("2026-01-07", "terminal")
    assert [each.change for each in workshop.jump("2026-01-05 10:00")] == ["order.planned", "order.due_soon"]


@on_sqlite
@pytest.mark.parametrize(
    ("request_", "field", "why"),
    [
        ({"level": "weekly"}, "level", "must be one of: routine, quarterly, annual, terminal"),
        ({"period": "weekly"}, "period", "must be one of: monthly, quarterly, annual"),
        ({"period": 0}, "period", "must be one of"),
        ({"anchor": "2026-02-30"}, "anchor", "must be a date"),
        (
            {"anchor": "2026-03-31", "until": "2026-03-30"},
            "until",
            "the plan never fires: its first slot would be on 2026-03-31",
        ),
        (
            {"anchor": "2020-01-10", "until": "2026-01-09"},
            "until",
            "the plan never fires: its first slot would be on 2026-01-10",
        ),
    ],
)
def test_a_plan_that_never_fires_is_refused_with_why(
    workshop: Workshop, request_: dict[str, Any], field: str, why: str
) -> None:
    equipment_id = workshop.line()
    with pytest.raises(Invalid) as refused:
        workshop.do("set_plan", **{"equipment_id": equipment_id, "level": "routine", **request_})
    assert why in refused.value.detail[field][0]
    assert workshop.next_due() is None


@on_sqlite
@pytest.mark.parametrize("equipment_id", ["E99", "99", "E0", "E1' OR 1=1", "E" + "9" * 30])
def test_a_plan_for_nothing_is_refused(workshop: Workshop, equipment_id: str) -> None:
    with pytest.raises(NotFound):
        workshop.do("set_plan", equipment_id=equipment_id, level="routine")


def test_equipment_is_on_file_once_by_its_serial_number(workshop: Workshop) -> None:
    first = workshop.do("register_equipment", serial_no="SN 0001", model="DM-30", site="二号车间")
    again = workshop.do("register_equipment", serial_no="sn0001", model="DM-40", region="south")
    assert (first["duplicate"], again["duplicate"], again["equipment_id"]) == (False, True, first["equipment_id"])
    assert again["differs"] == ["model", "region", "serial_no"]
    assert workshop.ask("get_equipment", serial_no="SN0001")["model"] == "DM-30"


def test_the_customers_contact_is_the_administrators_who_has_none(workshop: Workshop) -> None:
    customer = {"name": "李强", "phone": "13800138001", "email": "li@customer.example"}
    reached = {"name": "李强", "phone": "+8613800138001", "email": "li@customer.example"}
    register = {"serial_no": "SN 1", "model": "DM-30", "customer": customer}
    first = workshop.do("register_equipment", **register)
    assert (first["customer"], first["administrator"]) == ("李强", reached)
    assert workshop.do("register_equipment", **register)["differs"] == []
    named = workshop.do("register_equipment", **register | {"serial_no": "SN 2", "administrator": {"name": "林工"}})
    assert named["administrator"] == reached | {"name": "林工"}
    own = {"name": "林工", "phone": "+8613800138000"}
    told = workshop.do("register_equipment", **register | {"serial_no": "SN 3", "administrator": own})
    assert told["administrator"] == own
    with pytest.raises(Invalid) as refused:
        workshop.do("register_equipment", **register | {"customer": {"phone": "12", "age": 3}})
    assert set(refused.value.detail) == {"customer.phone", "customer.age"}


def test_equipment_shows_everything_on_file(workshop: Workshop) -> None:
    given = {"installed_on": "2025-11-30", "warranty_until": "2026-11-30", "state": "standby"}
    equipment_id = workshop.line(**given)
    found = workshop.ask("get_equipment", equipment_id=equipment_id)
    assert {name: found[name] for name in given} == given
    assert (found["customer"], found["administrator"]["phone"]) == ("建材厂", "+8613800138000")
    assert (found["plans"], found["orders"], found["slots"], found["defects"]) == ([], [], [], [])


@on_sqlite
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"serial_no": ""}, "serial_no"),
        ({"region": "South!"}, "region"),
        ({"administrator": {"phone": "12"}}, "administrator.phone"),
        ({"installed_on": "2026-01-02", "warranty_until": "2026-01-01"}, "warranty_until"),
        ({"state": "broken"}, "state"),
        ({"color": "red"}, "color"),
    ],
)
def test_wrong_equipment_is_refused_by_field(workshop: Workshop, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        workshop.line(**wrong)
    assert list(refused.value.detail) == [field]


@on_sqlite
def test_with_people_of_ones_own_nobody_unknown_may_set_a_plan(workshop: Workshop) -> None:
    strict = Workshop(workshop.database, workshop.clock, House(workshop.house.policy, People([])))
    with pytest.raises(Forbidden):
        strict.do("set_plan", equipment_id=strict.line(), level="routine", by="stranger")


def test_a_visit_that_a_bigger_one_had_taken_over_comes_back_when_that_never_comes(workshop: Workshop) -> None:
    equipment_id = workshop.planned_line("2026-02-10")
    workshop.forward("2026-02-01 00:00")
    quarterly = {"equipment_id": equipment_id, "level": "quarterly"}
    workshop.do("set_plan", **quarterly, anchor="2026-02-11")
    assert states(workshop, equipment_id) == {"W1-0": "cancelled", "W2-0": "planned"}
    workshop.said()
    workshop.do("set_plan", **quarterly, anchor="2026-03-25")
    assert states(workshop, equipment_id) == {"W1-0": "planned", "W2-0": "cancelled"}
    assert [(each.change, each.order_no) for each in workshop.said()] == [
        ("order.cancelled", "W2-0"),
        ("order.planned", "W1-0"),
    ]
