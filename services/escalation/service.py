"""Escalation on nameko: what it hears."""

from services.escalation import handlers
from shared.runtime.events import Batch, events
from shared.runtime.operations import Operated
from shared.runtime.providers import EventRelay, Housekeeping


class Service(Operated):
    """Escalation on nameko: what it hears."""

    name = "escalation"

    relay = EventRelay()
    housekeeping = Housekeeping()

    @events("escalation.cases", {"intake": ["case.#"]})
    def cases(self, batch: Batch) -> None:
        """Case events."""
        batch.apply(handlers.case_changed)

    @events("escalation.clocks", {"sla": ["clock.#"]})
    def clocks(self, batch: Batch) -> None:
        """Clock events."""
        batch.apply(handlers.clock_changed)

    @events("escalation.orders", {"maintenance": ["order.overdue.#"]})
    def orders(self, batch: Batch) -> None:
        """Overdue maintenance."""
        batch.apply(handlers.order_overdue)
