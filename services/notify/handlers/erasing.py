"""A customer's data are forgotten: what waits for them is sent no more, what was sent says nothing of them (AL-4)."""

from services.notify.handlers.saying import say
from services.notify.storage import messages
from services.notify.storage.personal import PLACES
from shared.base.clock import wall_now
from shared.base.database import UnitOfWork
from shared.events import Envelope
from shared.kernel.erasing import ERASED
from shared.outbox.forgotten import Forgotten

REASON = "the person's data were erased"


def forget_customer(forgotten: Forgotten, uow: UnitOfWork, event: Envelope) -> None:
    """Erase, then let expire what has nobody to go to any more."""
    forgotten.forget(PLACES, uow, event)
    say(uow, messages.drop_addressed(uow.connection, ERASED, REASON, uow.now, wall_now()))
