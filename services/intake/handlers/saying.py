"""Saying what happened: one event for each fact, each with the whole case (contracts 5)."""

from collections.abc import Sequence
from typing import Final

from services.intake.domain.case import Case
from services.intake.domain.facts import Fact
from services.intake.domain.replay import RECEIVED
from services.intake.domain.take import Taken
from services.intake.domain.wire import case_for_services
from services.intake.storage.tables import MESSAGING
from shared.base.database import UnitOfWork
from shared.events import Event
from shared.kernel.plain_json import Written, written, written_list
from shared.outbox import Voice

VOICE: Final = Voice("intake", MESSAGING.outbox)


def say(uow: UnitOfWork, taken: Taken, facts: Sequence[Written]) -> Written:
    """Stage the events of a request; `facts` are all of the case, the newest ones last. The list of them all."""
    told = written_list(facts)
    case = written(case_for_services(taken.case, told))
    new = facts[len(facts) - len(taken.entries) :]
    VOICE.stage(
        uow, [_event(taken.case, entry.fact, case, fact) for entry, fact in zip(taken.entries, new, strict=True)]
    )
    return told


def _event(case: Case, fact: Fact, told: Written, told_fact: Written) -> Event:
    name = "registered" if fact.name == RECEIVED else fact.name
    return Event(f"case.{name}.v1", case.case_no, case.version, {"case": told, "fact": told_fact})
