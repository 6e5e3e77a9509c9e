"""Maintenance on nameko: what it hears."""

from services.maintenance import handlers
from shared.runtime.events import Batch, events
from shared.runtime.operations import Operated
from shared.runtime.providers import EventRelay, Housekeeping


class Service(Operated):
    """Maintenance on nameko: what it hears."""

    name = "maintenance"

    relay = EventRelay()
    housekeeping = Housekeeping()

    @events("maintenance.cases", {"intake": ["case.#"]})
    def cases(self, batch: Batch) -> None:
        """Case events."""
        batch.apply(handlers.case_changed)
