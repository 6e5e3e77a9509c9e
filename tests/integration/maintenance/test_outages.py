"""Whatever outages lie between, the same slots are decided, and every event of an order is said once, in its order."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.maintenance.domain.order import MARKS
from shared.base.database import Database
from shared.testing.clock import ManualClock
from tests.integration.maintenance.workshop import Said, Workshop, at
from tests.support.databases import Databases

BEGIN = at("2026-01-05 10:00")
LEVELS = ("routine", "quarterly", "annual", "terminal")


@settings(max_examples=12, deadline=None)
@given(
    gaps=st.lists(st.integers(0, 80), min_size=1, max_size=6),
    days=st.lists(st.integers(0, 60), min_size=2, max_size=4),
)
def test_the_story_holds_together(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, gaps: list[int], days: list[int]
) -> None:
    url = databases.empty("sqlite", "maintenance", tmp_path_factory.mktemp("story"))
    clock = ManualClock(BEGIN)
    database = Database(url, service="maintenance", clock=clock)
    try:
        check_story(Workshop(database, clock), gaps, days)
    finally:
        database.close()


def check_story(workshop: Workshop, gaps: list[int], days: list[int]) -> None:
    line = workshop.line()
    for level, day in zip(LEVELS, days, strict=False):
        anchor = (BEGIN + timedelta(days=day)).date().isoformat()
        workshop.do("set_plan", equipment_id=line, level=level, anchor=anchor)
    said: list[Said] = workshop.said()
    for gap in gaps:
        until = workshop.clock.now().astimezone(BEGIN.tzinfo) + timedelta(days=gap)
        said += workshop.jump(until.isoformat(" ", "minutes")[:16])
    check_ledger(workshop, line)
    check_events(said)


def check_ledger(workshop: Workshop, line: str) -> None:
    found = workshop.ask("get_equipment", equipment_id=line)
    for plan in found["plans"]:
        slots = sorted(each["slot"] for each in found["slots"] if each["plan_id"] == plan["plan_id"])
        assert slots == list(range(plan["first_slot"], plan["next_slot"]))
    made = {f"W{each['plan_id'][1:]}-{each['slot']}" for each in found["slots"] if each["outcome"] == "made"}
    live = {each["order_no"] for each in found["orders"] if each["state"] != "cancelled"}
    assert made == live, "a slot that is made has its order, any other has none that somebody waits for"


def check_events(said: list[Said]) -> None:
    assert max(Counter((each.change, each.order_no) for each in said).values(), default=1) == 1
    by_order: dict[str, list[Said]] = {}
    for each in said:
        by_order.setdefault(each.order_no, []).append(each)
    for events in by_order.values():
        assert [each.sequence for each in events] == list(range(1, len(events) + 1))
        marks = [each.change.removeprefix("order.") for each in events[1:] if each.change != "order.cancelled"]
        assert marks == [mark for mark in MARKS if mark in marks], "in the order of time"
