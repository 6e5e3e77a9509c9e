"""Saying what happened: one event for each fact, each with the whole case (contracts 5)."""

from typing import Final

from services.intake.domain.case import Case
from services.intake.domain.take import Taken
from services.intake.domain.wire import case_for_services
from services.intake.storage.repository import Facts
from services.intake.storage.tables import MESSAGING
from shared.base.database import UnitOfWork
from shared.events import Event
from shared.kernel.plain_json import Written, written, written_list
from shared.kernel.vocabulary import RECEIVED
from shared.outbox import Voice

VOICE: Final = Voice("intake", MESSAGING.outbox)


def say(uow: UnitOfWork, taken: Taken, before: str, new: Facts) -> Written:
    """Stage the events of a request, which has added `new` to the facts `before`. The list of all facts of the case."""
    told = written_list([before, *new] if before else new)
    case = written(case_for_services(taken.case, told))
    names = [entry.fact.name for entry in taken.entries]
    VOICE.stage(uow, [_event(taken.case, name, case, Written(fact)) for name, fact in zip(names, new, strict=True)])
    return told


def _event(case: Case, fact: str, told_case: Written, told_fact: Written) -> Event:
    name = "registered" if fact == RECEIVED else fact
    return Event(f"case.{name}.v1", case.case_no, case.version, {"case": told_case, "fact": told_fact})
