"""Notify on nameko: what it hears."""

from services.notify import handlers
from shared.runtime.events import Batch, events
from shared.runtime.operations import Operated
from shared.runtime.providers import EventRelay, Housekeeping


class Service(Operated):
    """Notify on nameko: what it hears."""

    name = "notify"

    relay = EventRelay()
    housekeeping = Housekeeping()

    @events("notify.cases", {"intake": ["case.#"]})
    def cases(self, batch: Batch) -> None:
        """Case events."""
        batch.apply(handlers.case_changed)

    @events("notify.clocks", {"sla": ["clock.#"]})
    def clocks(self, batch: Batch) -> None:
        """Clock events."""
        batch.apply(handlers.clock_changed)

    @events("notify.escalations", {"escalation": ["#"]})
    def escalations(self, batch: Batch) -> None:
        """Escalations, teams and alerts."""
        batch.apply(handlers.escalation_changed)

    @events("notify.orders", {"maintenance": ["order.#"]})
    def orders(self, batch: Batch) -> None:
        """Maintenance orders."""
        batch.apply(handlers.order_changed)
