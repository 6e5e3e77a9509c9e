"""Saying what happened: one event for each fact, each with the whole case (contracts 5)."""

from collections.abc import Sequence
from typing import Final

from services.intake.domain.replay import RECEIVED
from services.intake.domain.take import Taken
from services.intake.domain.wire import Wire, case_for_services
from services.intake.storage.tables import MESSAGING
from shared.base.database import UnitOfWork
from shared.events import Event
from shared.outbox import Voice

VOICE: Final = Voice("intake", MESSAGING.outbox)


def say(uow: UnitOfWork, taken: Taken, facts: Sequence[Wire]) -> None:
    """Stage the events of a request; `facts` are all of the case, the newest ones last."""
    case = case_for_services(taken.case, facts)
    new = facts[len(facts) - len(taken.entries) :]
    VOICE.stage(uow, [_event(case, fact) for fact in new])


def _event(case: Wire, fact: Wire) -> Event:
    name = "registered" if fact["fact"] == RECEIVED else fact["fact"]
    return Event(f"case.{name}.v1", case["case_no"], case["version"], {"case": case, "fact": fact})
