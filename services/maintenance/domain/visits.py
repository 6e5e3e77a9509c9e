"""When somebody may come, and how far an order may be put off (MA-4, MA-7)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from services.maintenance.domain.order import Order, refusal
from services.maintenance.domain.planning import Plan, Rules
from shared.kernel.errors import Invalid

LONGEST_VISIT: Final = timedelta(hours=24)
JUST_NOW: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Visit:
    """Who comes, from when to when."""

    technician: str
    begin: datetime
    end: datetime


def visit(rules: Rules, order: Order, technician: str, begin: datetime, end: datetime | None, now: datetime) -> Visit:
    """The appointment asked for; raises Invalid where it lies outside the order's window."""
    latest = order.times.missed_at if order.is_past_due(now) else order.times.due_at
    usual = begin + timedelta(hours=rules.policy.levels[order.level].visit_hours)
    end = end or (min(usual, latest) if begin < latest else usual)
    if begin < now - JUST_NOW:
        raise Invalid.field("visit_at", "lies in the past; write an instant ahead")
    if not begin < end <= begin + LONGEST_VISIT:
        raise Invalid.field("visit_until", "must be later than visit_at, by 24 hours at most")
    if end > latest:
        why = f"the visit ends after the order's time is up ({latest.astimezone(rules.days.work.zone).isoformat()})"
        field = "visit_until" if begin < latest else "visit_at"
        raise Invalid.field(field, f"{why}; choose an earlier visit or postpone_order first")
    return Visit(technician, begin, end)


def postponed_to(rules: Rules, plan: Plan, order: Order, asked: date, now: datetime) -> date:
    """The working day to which an order is put off; raises Conflict or Invalid with the limit."""
    policy = rules.policy
    if order.is_past_due(now):
        # Nobody rescues what is overdue by moving its date.
        raise refusal(order, f"is past due since {order.times.due_on}; do it, or let it be missed")
    if order.postponed >= policy.postpone_times:
        raise refusal(order, f"was postponed {order.postponed} times already, which is the limit")
    latest = min(order.slot_day + timedelta(days=policy.postpone_days), plan.day(order.slot + 1) - timedelta(days=1))
    due_on = rules.days.workday_from(asked)
    if due_on <= order.times.due_on:
        raise Invalid.field("due_on", f"must be later than {order.times.due_on}, when it is due now")
    if due_on > latest:
        why = f"{due_on}, the working day meant, is beyond {latest}, the latest day for this slot"
        raise Invalid.field("due_on", f"{why}; choose an earlier one")
    return due_on
