"""What becomes of slots: each is decided once, in its turn, whatever outage lies between two looks (MA-3)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.maintenance.domain.days import Days
from services.maintenance.domain.order import PLANNED, Order, Times
from services.maintenance.domain.planning import MADE, MERGED, SKIPPED, Plan, Rules, Slot, decide, planned_at, times_of
from services.maintenance.domain.policy import Outage
from services.maintenance.storage.policy_files import load_policy
from shared.worktime import default_calendar

POLICY = load_policy()
RULES = Rules(POLICY, Days(default_calendar()))
CN = default_calendar().zone
BEGIN = date(2026, 1, 5)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CN)


def plan(level: str = "routine", anchor: str = "2026-01-31", plan_id: int = 1, **changed: object) -> Plan:
    period = POLICY.levels[level].period
    fields = {"period": period, "first_slot": 0, "next_slot": 0, "until": None, **changed}
    return Plan(id=plan_id, equipment_id=1, level=level, anchor=date.fromisoformat(anchor), **fields)  # type: ignore[arg-type]


def look(plans: Sequence[Plan], *instants: datetime, rules: Rules = RULES) -> tuple[list[Slot], list[Plan]]:
    """Decide at each of these instants in turn; every slot decided, and the plans as they then stand."""
    slots: list[Slot] = []
    for now in instants:
        decided = decide(rules, plans, [], now)
        slots += decided.slots
        plans = decided.plans
    return slots, list(plans)


def short(slots: Iterable[Slot]) -> list[tuple[int, int, str, str]]:
    return [(slot.plan.id, slot.number, slot.outcome, slot.due_on.isoformat()) for slot in slots]


def test_a_slot_is_decided_when_its_lead_time_is_reached() -> None:
    assert planned_at(RULES, plan()) == at("2026-01-17 00:00")
    assert look([plan()], at("2026-01-16 23:59"))[0] == []
    (slot,) = look([plan()], at("2026-01-17 00:00"))[0]
    assert (slot.outcome, slot.due_on) == (MADE, date(2026, 2, 2)), "31 January 2026 is a Saturday"
    assert slot.times is not None
    assert slot.times.instants() == {
        "due_soon": at("2026-01-30 09:00"),
        "due": at("2026-02-02 09:00"),
        "overdue": at("2026-02-02 18:00"),
        "missed": at("2026-02-28 09:00"),
    }


def test_the_reminder_comes_before_a_long_holiday_not_on_the_day_itself() -> None:
    # 1 to 7 October 2026 are holidays; three days before Thursday 8 October is one of them.
    times = times_of(RULES, plan(anchor="2026-10-08"), 0, date(2026, 10, 8))
    assert times.due_soon_at == at("2026-09-30 09:00")


def test_a_plan_ends_with_its_last_slot() -> None:
    ending = plan(until=date(2026, 2, 28))
    slots, (after,) = look([ending], at("2026-01-17 00:00"), at("2026-02-14 00:00"), at("2026-06-01 00:00"))
    assert [slot.number for slot in slots] == [0, 1]
    assert planned_at(RULES, after) is None


def test_a_bigger_level_contains_the_smaller_one_of_the_same_window() -> None:
    plans = [plan("routine", "2026-01-31", 1), plan("quarterly", "2026-04-28", 2), plan("annual", "2026-05-03", 3)]
    slots, _ = look(plans, at("2026-04-20 00:00"))
    april = {slot.plan.id: slot for slot in slots if slot.due_on >= date(2026, 4, 25)}
    assert april[1].into == (3, 0), "the biggest of those in the window"
    assert april[2].into == (3, 0)
    assert april[3].outcome == MADE
    assert "annual" in (april[1].reason or "")


def test_upkeep_of_terminals_is_never_part_of_another_visit() -> None:
    slots, _ = look([plan("terminal", plan_id=1), plan("annual", plan_id=2)], at("2026-01-20 00:00"))
    assert {slot.outcome for slot in slots} == {MADE}


def waiting(level: str, day: str, number: int = 7) -> Order:
    due = date.fromisoformat(day)
    close = datetime(due.year, due.month, due.day, 18, tzinfo=CN)
    times = Times(due_on=due, due_soon_at=close, opens_at=close, due_at=close, missed_at=close)
    return Order(
        id=number, order_no=f"W{number}", plan_id=number, slot=0, equipment_id=1, level=level, region="south",
        slot_day=due, state=PLANNED, version=1, times=times, changed_at=close,
    )  # fmt: skip


def test_a_bigger_slot_takes_over_orders_that_nobody_has_begun() -> None:
    orders = [
        waiting("routine", "2026-01-28", 7),
        waiting("routine", "2026-02-10", 8),
        waiting("annual", "2026-01-30", 9),
    ]
    decided = decide(RULES, [plan("quarterly")], orders, at("2026-01-17 00:00"))
    assert [(order.id, slot.plan.level) for order, slot in decided.replaced] == [(7, "quarterly")]
    late = decide(RULES, [plan("quarterly")], orders, at("2026-01-28 18:00"))
    assert late.replaced == [], "what is past due keeps its own story"


def test_after_an_outage_the_newest_is_caught_up_and_does_for_those_before_it() -> None:
    slots, (after,) = look([plan()], at("2026-04-08 10:00"))
    assert short(slots) == [
        (1, 0, MERGED, "2026-02-02"),
        (1, 1, MERGED, "2026-02-28"),
        (1, 2, MADE, "2026-04-15"),
    ]
    assert [slot.into for slot in slots] == [(1, 1), (1, 2), None]
    assert all(slot.reason for slot in slots)
    assert after.next_slot == 3


def test_a_slot_that_cannot_be_caught_up_before_the_next_goes_into_the_next() -> None:
    slots, _ = look([plan()], at("2026-03-29 10:00"))
    assert short(slots) == [
        (1, 0, MERGED, "2026-02-02"),
        (1, 1, MERGED, "2026-02-28"),
        (1, 2, MADE, "2026-03-31"),
    ]


def test_the_last_slot_of_a_plan_is_caught_up_however_late() -> None:
    slots, _ = look([plan(until=date(2026, 2, 1))], at("2026-08-03 10:00"))
    assert short(slots) == [(1, 0, MADE, "2026-08-10")]


def test_two_levels_caught_up_at_once_are_one_visit() -> None:
    plans = [plan("routine", "2026-01-31", 1), plan("quarterly", "2026-03-15", 2)]
    slots, _ = look(plans, at("2026-04-08 10:00"))
    last = {slot.plan.id: slot for slot in slots}
    assert (last[2].outcome, last[2].due_on) == (MADE, date(2026, 4, 15))
    assert (last[1].outcome, last[1].into) == (MERGED, (2, 0))


@pytest.mark.parametrize(
    ("newest", "older", "outcomes"),
    [
        ("make", "merge", [MERGED, MERGED, MADE]),
        ("make", "skip", [SKIPPED, SKIPPED, MADE]),
        ("skip", "skip", [SKIPPED, SKIPPED, SKIPPED]),
    ],
)
def test_the_policy_says_what_becomes_of_missed_slots(newest: str, older: str, outcomes: list[str]) -> None:
    policy = replace(POLICY, outage=Outage(newest=newest, older=older, catch_up_workdays=5))
    slots, _ = look([plan()], at("2026-04-08 10:00"), rules=Rules(policy, RULES.days))
    assert [slot.outcome for slot in slots] == outcomes
    assert all(slot.reason for slot in slots)


NOWS = st.lists(st.integers(0, 900), min_size=1, max_size=8).map(
    lambda days: [datetime(2026, 1, 5, 10, tzinfo=CN) + timedelta(days=day) for day in sorted(days)]
)
ANCHORS = st.dates(date(2025, 12, 1), date(2026, 12, 31))


@settings(max_examples=60, deadline=None)
@given(NOWS, st.lists(ANCHORS, min_size=1, max_size=3))
def test_any_sequence_of_looks_decides_the_same_slots_each_once(nows: list[datetime], anchors: list[date]) -> None:
    levels = ["routine", "quarterly", "annual"]
    plans = [
        plan(level, day.isoformat(), number) for number, (level, day) in enumerate(zip(levels, anchors, strict=False))
    ]
    slots, after = look(plans, *nows)
    at_once, _ = look(plans, nows[-1])
    assert {(s.plan.id, s.number, s.plan.day(s.number)) for s in slots} == {
        (s.plan.id, s.number, s.plan.day(s.number)) for s in at_once
    }
    for each in after:
        numbers = [slot.number for slot in slots if slot.plan.id == each.id]
        assert numbers == list(range(each.next_slot)), "no gap, nothing twice, in order"
    assert {slot.outcome for slot in slots} <= {MADE, MERGED}
    check_that_nothing_is_lost(slots)


def check_that_nothing_is_lost(slots: list[Slot]) -> None:
    """Each slot is an order, or leads to one, or to a slot that is still to be decided."""
    decided = {(slot.plan.id, slot.number): slot for slot in slots}
    for slot in slots:
        end, steps = slot, 0
        while end.outcome == MERGED:
            assert end.into is not None
            if end.into not in decided:
                break
            end, steps = decided[end.into], steps + 1
            assert steps <= len(slots), "a circle"
        assert end.times is None or RULES.days.work.is_workday(end.times.due_on)


@settings(max_examples=40, deadline=None)
@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.sampled_from(["monthly", "quarterly", "annual"]))
def test_the_marks_of_an_order_follow_each_other(anchor: date, period: str) -> None:
    own = plan(anchor=anchor.isoformat(), period=period)
    due_on = RULES.days.workday_from(own.day(1))
    instants = list(times_of(RULES, own, 1, due_on).instants().values())
    assert instants == sorted(instants)
