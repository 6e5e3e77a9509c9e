"""An order: one slot of one plan, from planned to checked; and the table of what may happen to it (MA-4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from shared.kernel.errors import Conflict

PLANNED: Final = "planned"
SCHEDULED: Final = "scheduled"
IN_PROGRESS: Final = "in_progress"
DONE: Final = "done"
CHECKED: Final = "checked"
MISSED: Final = "missed"
CANCELLED: Final = "cancelled"
STATES: Final = (PLANNED, SCHEDULED, IN_PROGRESS, DONE, CHECKED, MISSED, CANCELLED)
WAITING: Final = (PLANNED, SCHEDULED)
"""States in which nobody has begun."""
OPEN: Final = (*WAITING, IN_PROGRESS)

STEPS: Final[Mapping[str, Mapping[str, str]]] = {
    "schedule": {PLANNED: SCHEDULED, SCHEDULED: SCHEDULED},
    "postpone": {PLANNED: PLANNED, SCHEDULED: PLANNED},
    "start": {SCHEDULED: IN_PROGRESS},
    "complete": {IN_PROGRESS: DONE},
    "check": {DONE: CHECKED},
    "send_back": {DONE: IN_PROGRESS},
    "miss": {PLANNED: MISSED, SCHEDULED: MISSED},
    "cancel": {PLANNED: CANCELLED, SCHEDULED: CANCELLED},
}
"""Each step: from which state to which. `send_back` is a check that was not passed; time misses, plans cancel."""
ASKED_FOR: Final = ("schedule", "postpone", "start", "complete", "check")
"""Steps that people take; the method of each is `<step>_order`."""

DUE_SOON: Final = "due_soon"
DUE: Final = "due"
OVERDUE: Final = "overdue"
MISS: Final = "missed"
MARKS: Final = (DUE_SOON, DUE, OVERDUE, MISS)
"""What time does to an order, in this order (MA-6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When an order is due, and the instants of its marks."""

    due_on: date
    due_soon_at: datetime
    opens_at: datetime
    due_at: datetime
    missed_at: datetime

    def instants(self) -> Mapping[str, datetime]:
        """Each mark's instant."""
        return dict(zip(MARKS, (self.due_soon_at, self.opens_at, self.due_at, self.missed_at), strict=True))

    def first_mark(self, now: datetime) -> str:
        """The mark that comes next; of those already past only the latest, there is no use in saying all of them."""
        past = [mark for mark, at in self.instants().items() if at <= now]
        return past[-1] if past else DUE_SOON


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A work order as it stands."""

    id: int
    order_no: str
    plan_id: int
    slot: int
    equipment_id: int
    level: str
    region: str
    slot_day: date
    state: str
    version: int
    times: Times
    technician: str | None = None
    visit_at: datetime | None = None
    visit_until: datetime | None = None
    postponed: int = 0
    rounds: int = 0
    overdue_at: datetime | None = None
    completed_at: datetime | None = None
    completed_by: str | None = None
    reason: str | None = None
    changed_at: datetime
    next_mark: str | None = None

    def is_past_due(self, now: datetime) -> bool:
        """Whether it should have been done by now."""
        return self.state in OPEN and now >= self.times.due_at


def order_no(plan_id: int, slot: int) -> str:
    """The number of the order that a slot makes: there can never be a second one."""
    return f"W{plan_id}-{slot}"


def legal_steps(state: str) -> list[str]:
    """What people may do with an order in this state, as they call it: the names of the methods."""
    return [f"{step}_order" for step in ASKED_FOR if state in STEPS[step]]


def next_state(order: Order, step: str) -> str:
    """The state after a step; raises Conflict that names the steps that are legal now."""
    if order.state not in STEPS[step]:
        raise refusal(order, f"{step} is not possible while it is {order.state}")
    return STEPS[step][order.state]


def refusal(order: Order, why: str, **more: Any) -> Conflict:
    """Not possible with this order now."""
    detail = {"state": order.state, "version": order.version, "legal": legal_steps(order.state), **more}
    return Conflict(f"order {order.order_no}: {why}", detail)
