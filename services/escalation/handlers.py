"""What escalation does with what it hears: keeps the newest state of cases, clocks and overdue orders."""

from services.escalation.storage import tables
from shared.base.database import UnitOfWork
from shared.events import Envelope
from shared.outbox.newest import Newest

CASES = Newest(tables.cases)
CLOCKS = Newest(tables.clocks)
ORDERS = Newest(tables.orders)


def case_changed(uow: UnitOfWork, event: Envelope) -> None:
    """Keep the case unless a newer version is known."""
    CASES.keep(uow, event.subject, event.sequence, event.data["case"])


def clock_changed(uow: UnitOfWork, event: Envelope) -> None:
    """Keep the clock unless a newer revision is known; a generation is a clock of its own."""
    clock = event.data["clock"]
    key = f"{clock['case_no']}/{clock['clock']}/{clock.get('key') or ''}/{clock['generation']}"
    CLOCKS.keep(uow, key, event.sequence, event.data)


def order_overdue(uow: UnitOfWork, event: Envelope) -> None:
    """Keep the order unless a newer version is known."""
    ORDERS.keep(uow, event.subject, event.sequence, event.data)
