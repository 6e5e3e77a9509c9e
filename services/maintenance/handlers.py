"""What maintenance does with what it hears: keeps the newest state of cases."""

from services.maintenance.storage import tables
from shared.base.database import UnitOfWork
from shared.events import Envelope
from shared.outbox.newest import Newest

CASES = Newest(tables.cases)


def case_changed(uow: UnitOfWork, event: Envelope) -> None:
    """Keep the case unless a newer version is known."""
    CASES.keep(uow, event.subject, event.sequence, event.data["case"])
