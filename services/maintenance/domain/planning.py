"""What becomes of each slot of a plan once its lead time is reached: an order, another visit's, or nothing (MA-3).

Every slot is decided once, in its turn, and the decision is kept with its reason: no slot is ever passed over in
silence, whatever outage lies between two looks at the time. The grid itself never moves.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from services.maintenance.domain.days import Days
from services.maintenance.domain.grid import slot_day, slots_between
from services.maintenance.domain.order import Order, Times
from services.maintenance.domain.policy import Policy

MADE: Final = "made"
MERGED: Final = "merged"
SKIPPED: Final = "skipped"
OUTCOMES: Final = (MADE, MERGED, SKIPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How often one level of upkeep is done at one piece of equipment; `next_slot` is not decided yet."""

    id: int
    equipment_id: int
    level: str
    period: str
    anchor: date
    first_slot: int
    next_slot: int
    until: date | None = None

    def day(self, slot: int) -> date:
        """The day of a slot."""
        return slot_day(self.anchor, self.period, slot)

    def has(self, slot: int) -> bool:
        """Whether the plan has this slot."""
        return slot >= self.first_slot and (self.until is None or self.day(slot) <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A slot and what became of it: `into` is the plan and slot whose visit does for this one too."""

    plan: Plan
    number: int
    outcome: str
    due_on: date
    into: tuple[int, int] | None = None
    reason: str | None = None
    times: Times | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What planning goes by."""

    policy: Policy
    days: Days


@dataclass(slots=True)
class Decided:
    """What one look at a piece of equipment decided."""

    slots: list[Slot] = field(default_factory=list)
    replaced: list[tuple[Order, Slot]] = field(default_factory=list)
    """Orders that nobody has begun, and the bigger slot whose visit now does for them."""
    plans: list[Plan] = field(default_factory=list)


def times_of(rules: Rules, plan: Plan, slot: int, due_on: date) -> Times:
    """The instants of an order that is due on this working day."""
    days, policy = rules.days, rules.policy
    soon = days.workday_until(due_on - timedelta(days=policy.due_soon_days))
    return Times(
        due_on=due_on,
        due_soon_at=days.opening(soon),
        opens_at=days.opening(due_on),
        due_at=days.close(due_on),
        # The next slot takes over; should that day be this one (postponed, or a long holiday), then after its close.
        missed_at=max(days.opening(days.workday_from(plan.day(slot + 1))), days.close(due_on)),
    )


def planned_at(rules: Rules, plan: Plan) -> datetime | None:
    """When the plan's next slot is decided: its lead time before it; None when the plan has no slot left."""
    if not plan.has(plan.next_slot):
        return None
    return rules.days.midnight(plan.day(plan.next_slot) - timedelta(days=rules.policy.lead_days))


def decide(rules: Rules, plans: Sequence[Plan], waiting: Sequence[Order], now: datetime) -> Decided:
    """Decide every slot of a piece of equipment whose time has come, bigger levels first.

    `waiting` are its orders that nobody has begun.
    """
    decided = Decided()
    taken: set[int] = set()
    for plan in sorted(plans, key=lambda each: -rules.policy.rank(each.level)):
        after = plan
        while (at := planned_at(rules, after)) is not None and at <= now:
            slot = _decide(rules, after, plans, decided.slots, now)
            decided.slots.append(slot)
            for order in _contained(rules, slot, waiting, now):
                if order.id not in taken:
                    taken.add(order.id)
                    decided.replaced.append((order, slot))
            after = replace(after, next_slot=after.next_slot + 1)
        decided.plans.append(after)
    return decided


def decide_again(rules: Rules, plan: Plan, number: int, plans: Sequence[Plan], now: datetime) -> Slot:
    """Decide a slot anew whose bigger visit will never come."""
    return _decide(rules, replace(plan, next_slot=number), plans, (), now)


def _decide(rules: Rules, plan: Plan, plans: Sequence[Plan], before: Sequence[Slot], now: datetime) -> Slot:
    number = plan.next_slot
    due_on = rules.days.workday_from(plan.day(number))
    if bigger := _bigger(rules, plan, number, plans):
        return _merged(plan, number, due_on, bigger, f"contained in the {bigger[0].level} visit of the same time")
    if now < rules.days.close(due_on):
        return _made(rules, plan, number, due_on)
    late = _late(rules, plan, number, now)
    if late.outcome == MADE and (same := _caught_up_with(rules, late, before)):
        return _merged(plan, number, due_on, (same.plan, same.number), f"contained in the {same.plan.level} visit")
    return late


def _late(rules: Rules, plan: Plan, number: int, now: datetime) -> Slot:
    """A slot that had passed before it could be planned: the policy says what becomes of it."""
    days, outage = rules.days, rules.policy.outage
    due_on, today = days.workday_from(plan.day(number)), days.today(now)
    following = (plan, number + 1)
    if plan.day(number + 1) <= today and plan.has(number + 1):
        if outage.older == "merge":
            return _merged(
                plan, number, due_on, following, "its time passed during an outage; the next visit does for it"
            )
        return _skipped(plan, number, due_on, "its time passed during an outage, and the next slot was due already")
    if outage.newest == "skip":
        return _skipped(plan, number, due_on, "its time passed during an outage")
    caught_up = days.workdays_after(today, outage.catch_up_workdays)
    if caught_up < plan.day(number + 1):
        return _made(rules, plan, number, caught_up, "its time passed during an outage; caught up")
    if plan.has(number + 1):
        return _merged(plan, number, due_on, following, "its time passed during an outage, and the next slot is near")
    return _made(rules, plan, number, caught_up, "its time passed during an outage; caught up as the last of its plan")


def _made(rules: Rules, plan: Plan, number: int, due_on: date, reason: str | None = None) -> Slot:
    times = times_of(rules, plan, number, due_on)
    return Slot(plan=plan, number=number, outcome=MADE, due_on=due_on, reason=reason, times=times)


def _merged(plan: Plan, number: int, due_on: date, into: tuple[Plan, int], reason: str) -> Slot:
    target = (into[0].id, into[1])
    return Slot(plan=plan, number=number, outcome=MERGED, due_on=due_on, into=target, reason=reason)


def _skipped(plan: Plan, number: int, due_on: date, reason: str) -> Slot:
    return Slot(plan=plan, number=number, outcome=SKIPPED, due_on=due_on, reason=reason)


def _bigger(rules: Rules, plan: Plan, number: int, plans: Sequence[Plan]) -> tuple[Plan, int] | None:
    """The slot of the biggest level that lies in the same window and contains this one; the nearest of several."""
    names = rules.policy.bigger_than(plan.level)
    found = [found for other in plans if other.level in names for found in _in_window(rules, plan.day(number), other)]
    if not found:
        return None
    day = plan.day(number)
    return min(found, key=lambda each: (-rules.policy.rank(each[0].level), abs(each[0].day(each[1]) - day)))


def _in_window(rules: Rules, day: date, other: Plan) -> Iterator[tuple[Plan, int]]:
    window = timedelta(days=rules.policy.window_days)
    for slot in slots_between(other.anchor, other.period, day - window, day + window):
        if other.has(slot):
            yield other, slot


def _caught_up_with(rules: Rules, late: Slot, before: Iterable[Slot]) -> Slot | None:
    """A bigger level that is caught up at the same time: one visit does for both."""
    names, window = rules.policy.bigger_than(late.plan.level), timedelta(days=rules.policy.window_days)
    near = [each for each in before if each.outcome == MADE and abs(each.due_on - late.due_on) <= window]
    return next((each for each in near if each.plan.level in names), None)


def _contained(rules: Rules, slot: Slot, waiting: Iterable[Order], now: datetime) -> Iterator[Order]:
    """Orders of smaller levels in the window of a slot that becomes an order; what is past due keeps its own story."""
    if slot.outcome != MADE:
        return
    smaller = rules.policy.levels[slot.plan.level].contains
    window, day = timedelta(days=rules.policy.window_days), slot.plan.day(slot.number)
    for order in waiting:
        if order.level in smaller and abs(order.slot_day - day) <= window and not order.is_past_due(now):
            yield order
