"""Orders are appointed, begun, answered item by item, checked and put off (MA-4, MA-5, MA-7)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.maintenance.domain.order import ASKED_FOR, STATES, STEPS
from services.maintenance.handlers import House
from shared.base.people import People, Person
from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.integration.maintenance.workshop import HOUSE, Workshop, at


def appoint(workshop: Workshop, order_no: str, visit_at: str, until: str | None = None, **more: Any) -> dict[str, Any]:
    request = {"technician": "technician-south", "by": "south-desk", "visit_at": at(visit_at).isoformat(), **more}
    if until:
        request["visit_until"] = at(until).isoformat()
    return workshop.do("schedule_order", order_no=order_no, **request)


def test_an_order_goes_its_way(workshop: Workshop, order_no: str) -> None:
    scheduled = appoint(workshop, order_no, "2026-01-30 10:00")
    assert (scheduled["state"], scheduled["visit_until"]) == ("scheduled", "2026-01-30T12:00:00+08:00")
    workshop.do("start_order", order_no=order_no, by="technician-south")
    done = workshop.do(
        "complete_order",
        order_no=order_no,
        by="华南维保技师",
        items=workshop.answers(order_no, motors={"reading": 2.5}),
    )
    assert (done["state"], done["completed_by"], done["defects"]) == ("done", "technician-south", [])
    checked = workshop.do("check_order", order_no=order_no, by="south-desk", passed=True)
    assert (checked["state"], checked["version"]) == ("checked", 5)
    said = workshop.said()
    assert [(each.change, each.sequence) for each in said] == [("order.scheduled", 2), ("order.completed", 4)]
    assert said[0].data["order"]["technician"] == "technician-south"
    assert workshop.forward("2026-02-10 00:00") == [], "what is done falls due no more"
    full = workshop.ask("get_order", order_no=order_no)
    assert next(line for line in full["checklist"] if line["item"] == "motors")["reading"] == "2.5 MΩ"
    assert [step["step"] for step in full["steps"]] == ["plan", "schedule", "start", "complete", "check"]


def test_every_step_is_refused_where_it_is_not_legal_and_the_legal_ones_are_named(
    workshop: Workshop, order_no: str
) -> None:
    with pytest.raises(Conflict) as refused:
        workshop.do("start_order", order_no=order_no, by="technician-south")
    assert refused.value.message == "order W1-0: start is not possible while it is planned"
    assert refused.value.detail == {"state": "planned", "version": 1, "legal": ["schedule_order", "postpone_order"]}
    workshop.at_work(order_no, "2026-01-30 10:00")
    for method, more in (
        ("schedule_order", {"technician": "technician-south", "visit_at": at("2026-01-30 10:00").isoformat()}),
        ("postpone_order", {"due_on": "2026-02-05", "reason": "x"}),
        ("check_order", {"passed": True}),
    ):
        with pytest.raises(Conflict) as refused:
            workshop.do(method, order_no=order_no, by="south-desk", **more)
        assert refused.value.detail["legal"] == ["complete_order"]
    with pytest.raises(NotFound):
        workshop.do("start_order", order_no="W9-9", by="technician-south")


def test_the_checklist_comes_with_every_order(workshop: Workshop, order_no: str) -> None:
    full = workshop.ask("get_order", order_no=order_no)["checklist"]
    assert workshop.ask("orders")["orders"][0]["checklist"] == full
    assert appoint(workshop, order_no, "2026-01-30 10:00")["checklist"] == full
    begun = workshop.do("start_order", order_no=order_no, by="technician-south")
    answers = [{"item": line["item"], "result": "ok"} for line in begun["checklist"]]
    done = workshop.do("complete_order", order_no=order_no, by="technician-south", items=answers)
    assert [line["result"] for line in done["checklist"]] == ["ok"] * len(full)
    workshop.do("check_order", order_no=order_no, by="south-desk", passed=False, note="dusty")
    answers[0] |= {"result": "n/a", "note": "taken down"}
    workshop.do("complete_order", order_no=order_no, by="technician-south", items=answers)
    (row,) = workshop.ask("orders", state="done")["orders"]
    assert row["checklist"][0]["result"] == "not_applicable", "the newest round counts"
    assert len(row["checklist"]) == len(full)


def test_the_table_of_steps_knows_every_state() -> None:
    assert {state for moves in STEPS.values() for state in (*moves, *moves.values())} == set(STATES)
    assert set(ASKED_FOR) < set(STEPS)


def test_a_technician_is_never_booked_twice_for_one_time(workshop: Workshop, order_no: str) -> None:
    workshop.planned_line("2026-01-31", serial_no="SN 2")
    workshop.forward("2026-01-20 11:00")
    appoint(workshop, order_no, "2026-01-30 10:00", "2026-01-30 12:00")
    for begin, end in (("09:00", "10:01"), ("11:59", "13:00"), ("10:30", "11:00"), ("09:00", "13:00")):
        with pytest.raises(Conflict) as refused:
            appoint(workshop, "W2-0", f"2026-01-30 {begin}", f"2026-01-30 {end}")
        assert "technician-south is at order W1-0 from 2026-01-30T10:00:00+08:00" in refused.value.message
    appoint(workshop, "W2-0", "2026-01-30 12:00", "2026-01-30 13:00")
    appoint(workshop, order_no, "2026-01-30 11:00", "2026-01-30 12:00")
    assert [each.change for each in workshop.said()][-3:] == ["order.scheduled"] * 3


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_desks_that_book_one_technician_at_once_do_not_both_succeed(workshop: Workshop, order_no: str) -> None:
    workshop.planned_line("2026-01-31", serial_no="SN 2")
    workshop.forward("2026-01-20 11:00")

    def book(number: str) -> str:
        try:
            return str(appoint(workshop, number, "2026-01-30 10:00")["state"])
        except Conflict as error:
            return error.slug

    with ThreadPoolExecutor(2) as desks:
        assert sorted(desks.map(book, (order_no, "W2-0"))) == ["Conflict", "scheduled"]


@pytest.mark.parametrize(
    ("visit_at", "until", "field"),
    [
        ("2026-01-19 10:00", None, "visit_at"),
        ("2026-01-30 10:00", "2026-01-30 10:00", "visit_until"),
        ("2026-01-30 10:00", "2026-02-01 10:00", "visit_until"),
        ("2026-02-02 17:00", "2026-02-02 18:01", "visit_until"),
        ("2026-02-02 18:00", None, "visit_at"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_visit_outside_the_orders_window_is_refused(
    workshop: Workshop, order_no: str, visit_at: str, until: str | None, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        appoint(workshop, order_no, visit_at, until)
    assert list(refused.value.detail) == [field]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_only_a_technician_of_the_region_is_sent(workshop: Workshop, order_no: str) -> None:
    with pytest.raises(Invalid) as refused:
        appoint(workshop, order_no, "2026-01-30 10:00", technician="desk")
    assert "send one of: technician-south" in refused.value.detail["technician"][0]
    own = People([Person(id="ann", name="Ann", roles=("technician",), regions=("north",))])
    strict = Workshop(workshop.database, workshop.clock, House(HOUSE.policy, own))
    with pytest.raises(Invalid) as refused:
        appoint(strict, order_no, "2026-01-30 10:00", technician="ann", by="ann")
    assert "nobody serves south.guangdong" in refused.value.detail["technician"][0]
    with pytest.raises(Forbidden):
        appoint(strict, order_no, "2026-01-30 10:00", by="stranger")


def test_the_last_quarter_of_an_hour_is_a_short_visit(workshop: Workshop, order_no: str) -> None:
    assert appoint(workshop, order_no, "2026-02-02 17:45")["visit_until"] == "2026-02-02T18:00:00+08:00"


def test_an_order_is_put_off_within_limits_and_the_grid_does_not_move(workshop: Workshop, order_no: str) -> None:
    appoint(workshop, order_no, "2026-01-30 10:00")
    put_off = workshop.do("postpone_order", order_no=order_no, by="south-desk", due_on="2026-02-07", reason="line runs")
    # 7 and 8 February 2026: a Saturday and a Sunday.
    assert (put_off["state"], put_off["due_on"], put_off["slot_day"]) == ("planned", "2026-02-09", "2026-01-31")
    assert "technician" not in put_off
    assert workshop.said()[-1].change == "order.postponed"
    assert [each.short[::2] for each in workshop.forward("2026-02-09 19:00")] == [
        ("order.due_soon", "2026-02-06 09:00"),
        ("order.due", "2026-02-09 09:00"),
        ("order.overdue", "2026-02-09 18:00"),
    ]
    plans = workshop.ask("get_equipment", equipment_id="E1")["plans"]
    assert plans[0]["upcoming"][0]["day"] == "2026-02-28"


@pytest.mark.parametrize(
    ("due_on", "why"),
    [
        ("2026-02-01", "must be later than 2026-02-02"),
        ("2026-02-15", "is beyond 2026-02-14, the latest day for this slot"),
        ("soon", "must be a date"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_order_is_not_put_off_beyond_its_limits(workshop: Workshop, order_no: str, due_on: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        workshop.do("postpone_order", order_no=order_no, by="south-desk", due_on=due_on, reason="x")
    assert why in refused.value.detail["due_on"][0]


def test_an_order_is_not_put_off_again_and_again_nor_when_it_is_late(workshop: Workshop, order_no: str) -> None:
    for day in ("2026-02-03", "2026-02-04"):
        workshop.do("postpone_order", order_no=order_no, by="south-desk", due_on=day, reason="x")
    with pytest.raises(Conflict, match="postponed 2 times already"):
        workshop.do("postpone_order", order_no=order_no, by="south-desk", due_on="2026-02-05", reason="x")
    workshop.forward("2026-02-04 18:00")
    with pytest.raises(Conflict, match="past due since 2026-02-04"):
        workshop.do("postpone_order", order_no=order_no, by="south-desk", due_on="2026-02-05", reason="x")


def test_orders_are_found_by_everything_a_page_at_a_time(workshop: Workshop) -> None:
    for number, region in enumerate(("south", "south.guangdong", "southern", "north")):
        workshop.planned_line(f"2026-01-{20 + number}", serial_no=f"SN {number}", region=region)
    workshop.forward("2026-01-10 00:00")

    def numbers(**wanted: Any) -> list[str]:
        return [each["order_no"] for each in workshop.ask("orders", **wanted)["orders"]]

    assert numbers() == ["W1-0", "W2-0", "W3-0", "W4-0"]
    assert numbers(region="south") == ["W1-0", "W2-0"]
    assert numbers(equipment_id="E3") == ["W3-0"]
    assert numbers(state="done") == []
    assert numbers(since="2026-01-21", to="2026-01-23") == ["W2-0", "W3-0"]
    assert numbers(since="2026-01-21T19:00:00+08:00") == ["W3-0", "W4-0"]
    first = workshop.ask("orders", limit=3)
    assert len(first["orders"]) == 3
    assert numbers(limit=3, after=first["next"]) == ["W4-0"]
    assert "next" not in workshop.ask("orders", limit=4)
    for wrong in ({"after": "x"}, {"state": "broken"}, {"since": "yesterday"}, {"limit": 0}):
        with pytest.raises(Invalid):
            workshop.ask("orders", **wrong)


def test_regions_that_nobody_serves_are_shown(workshop: Workshop) -> None:
    workshop.planned_line("2026-01-10", region="south.guangdong")
    workshop.planned_line("2026-01-10", region="west.sichuan", serial_no="SN 2")
    workshop.forward("2026-01-13 00:00")
    told = workshop.ask("coverage")
    assert told["regions"][0] == {
        "region": "south.guangdong",
        "equipment": 1,
        "orders": {"planned": 1},
        "overdue": 1,
        "technicians": ["technician-south"],
        "served": True,
    }
    assert told["unserved"] == ["west.sichuan"]
    assert workshop.ask("coverage", region="south")["unserved"] == []
