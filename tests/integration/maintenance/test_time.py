"""What time does: slots become orders, orders fall due, each thing once, whatever outage lies between (MA-3, MA-6)."""

import pytest
import sqlalchemy as sa

from services.maintenance import handlers
from services.maintenance.storage.tables import messaging
from shared.base.database import Database
from shared.outbox import Held, Inbox
from shared.outbox.firing import Firing
from tests.integration.maintenance.workshop import HOUSE, Workshop, at, shorts


def test_an_order_is_planned_ahead_falls_due_and_is_missed(workshop: Workshop) -> None:
    workshop.planned_line("2026-01-31")
    said = [each for each in workshop.forward("2026-03-02 18:00") if each.order_no == "W1-0"]
    assert shorts(said) == [
        ("order.planned", "W1-0", "2026-01-17 00:00"),
        ("order.due_soon", "W1-0", "2026-01-30 09:00"),
        ("order.due", "W1-0", "2026-02-02 09:00"),
        ("order.overdue", "W1-0", "2026-02-02 18:00"),
        ("order.missed", "W1-0", "2026-02-28 09:00"),
    ]
    assert [each.sequence for each in said] == [1, 2, 3, 4, 5]
    order = workshop.ask("get_order", order_no="W1-0")
    assert (order["state"], order["reason"]) == ("missed", "nobody began before the next slot was due")
    assert [step["step"] for step in order["steps"]] == ["plan", "due_soon", "due", "overdue", "missed"]


def test_a_quarter_of_three_levels_has_every_slot_once_in_order(workshop: Workshop) -> None:
    equipment_id = workshop.planned_line("2025-12-31", "routine", "quarterly", "annual")
    said = workshop.forward("2027-01-04 18:00")
    planned = [
        (each.data["order"]["level"], each.data["order"]["due_on"]) for each in said if each.change == "order.planned"
    ]
    assert planned == [
        *[("routine", day) for day in ("2026-02-02", "2026-02-28")],
        ("quarterly", "2026-03-31"),
        *[("routine", day) for day in ("2026-04-30", "2026-06-01")],
        ("quarterly", "2026-06-30"),
        *[("routine", day) for day in ("2026-07-31", "2026-08-31")],
        ("quarterly", "2026-09-30"),
        *[("routine", day) for day in ("2026-11-02", "2026-11-30")],
        ("annual", "2026-12-31"),
    ]
    slots = workshop.ask("get_equipment", equipment_id=equipment_id)["slots"]
    assert sorted(each["slot"] for each in slots if each["level"] == "routine") == list(range(1, 13))
    assert all("reason" in each for each in slots if each["outcome"] == "merged")


def test_the_customer_is_told_how_to_be_reached_and_nobody_else_is(workshop: Workshop) -> None:
    workshop.planned_line("2026-01-31")
    (planned,) = workshop.forward("2026-01-17 00:00")
    assert planned.data["equipment"]["administrator"] == {
        "name": "林工",
        "phone": "+8613800138000",
        "email": "lin@customer.example",
    }
    assert "customer" not in planned.data["equipment"]
    assert planned.data["order"]["due_at"] == "2026-02-02T18:00:00+08:00"


def test_what_cannot_happen_is_held_and_delays_no_other(workshop: Workshop, database: Database) -> None:
    for number in range(3):
        workshop.planned_line("2026-01-31", serial_no=f"SN {number}")
    workshop.forward("2026-01-17 00:00")
    workshop.clock.move_to(at("2026-02-02 09:00"))
    with database.write() as uow:
        uow.connection.execute(sa.text("UPDATE orders SET next_mark = 'nonsense' WHERE order_no = 'W2-0'"))
        uow.connection.execute(sa.text("UPDATE plans SET level = 'nonsense' WHERE id = 3"))
        uow.connection.execute(sa.text("UPDATE equipment SET plan_at = '2026-02-02' WHERE id = 3"))
    held = Held(database, messaging)
    firing = Firing(database, Inbox(database, messaging), held)
    while firing.run(handlers.timers(HOUSE)):
        pass
    assert {each.order_no for each in workshop.said() if each.change == "order.due"} == {"W1-0", "W3-0"}
    assert {row["event_id"] for row in held.list()} == {"W2-0", "3"}


def test_an_outage_loses_nothing_and_says_nothing_twice(workshop: Workshop) -> None:
    equipment_id = workshop.planned_line("2026-01-31", "routine", "quarterly")
    workshop.forward("2026-01-20 00:00")
    said = workshop.jump("2026-04-08 10:00")
    changes = [(each.change, each.order_no) for each in said]
    assert len(changes) == len(set(changes))
    assert changes == [
        ("order.planned", "W1-2"),
        ("order.due_soon", "W2-0"),
        ("order.due", "W2-0"),
        ("order.overdue", "W2-0"),
    ]
    slots = {
        (each["plan_id"], each["slot"]): each
        for each in workshop.ask("get_equipment", equipment_id=equipment_id)["slots"]
    }
    assert slots["P1", 0]["into"] == {"plan_id": "P2", "slot": 0}
    assert slots["P1", 1]["into"] == {"plan_id": "P1", "slot": 2}
    assert slots["P1", 2]["outcome"] == "made"
    late = workshop.ask("get_order", order_no="W1-2")
    assert (late["due_on"], late["slot_day"]) == ("2026-04-15", "2026-03-31")
    assert "caught up" in late["reason"]
    assert workshop.jump("2026-04-08 10:01") == []


def test_marks_already_past_when_an_order_is_made_are_not_all_said(workshop: Workshop) -> None:
    workshop.clock.move_to(at("2026-01-09 12:00"))
    workshop.planned_line("2026-01-09")
    assert [each.change for each in workshop.jump("2026-01-09 12:00")] == ["order.planned", "order.due"]


def test_work_that_was_begun_is_never_missed(workshop: Workshop) -> None:
    workshop.planned_line("2026-01-31")
    workshop.forward("2026-02-02 17:00")
    workshop.at_work("W1-0", "2026-02-02 17:00", technician="somebody")
    changes = [each.change for each in workshop.forward("2026-03-05 18:00") if each.order_no == "W1-0"]
    assert changes == ["order.scheduled", "order.overdue"]
    assert workshop.ask("get_order", order_no="W1-0")["state"] == "in_progress"


def test_many_due_at_one_instant_are_set_batch_by_batch(workshop: Workshop) -> None:
    for number in range(25):
        workshop.planned_line("2026-01-31", serial_no=f"SN {number}")
    workshop.clock.move_to(at("2026-01-17 00:00"))
    assert [workshop.fire(limit=10) for _ in range(4)] == [10, 10, 5, 0]
    assert len({each.order_no for each in workshop.said()}) == 25


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_replicas_share_what_is_due(workshop: Workshop, database: Database) -> None:
    for number in range(6):
        workshop.planned_line("2026-01-31", serial_no=f"SN {number}")
    workshop.clock.move_to(at("2026-01-17 00:00"))
    with database.write() as first, database.write() as second:
        assert handlers.fire_due(HOUSE, first, 4) == 4
        assert handlers.fire_due(HOUSE, second, 4) == 2
    assert len({each.order_no for each in workshop.said()}) == 6
    workshop.clock.move_to(at("2026-01-30 09:00"))
    with database.write() as first, database.write() as second:
        assert handlers.fire_due(HOUSE, first, 4) == 4
        assert handlers.fire_due(HOUSE, second, 4) == 2
    assert len({each.order_no for each in workshop.said()}) == 6
