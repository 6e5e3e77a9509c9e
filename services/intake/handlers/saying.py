"""Saying what happened: one event for each fact, each with the whole case (contracts 5)."""

from collections.abc import Iterable
from typing import Final

from services.intake.domain.case import Case
from services.intake.domain.facts import Entry
from services.intake.domain.take import Taken
from services.intake.domain.wire import case_for_services
from services.intake.storage.repository import Changed
from services.intake.storage.tables import MESSAGING
from services.intake.storage.told import by_reference, remember
from shared.base.database import UnitOfWork
from shared.events import Event
from shared.kernel.plain_json import Written, encoded, written, written_list
from shared.kernel.vocabulary import RECEIVED
from shared.outbox import Voice

VOICE: Final = Voice("intake", MESSAGING.outbox)


def say(uow: UnitOfWork, taken: Taken, before: bytes, new: Changed) -> Written:
    """Stage the events of a request, which has added `new` to the facts `before`. The list of all facts of the case."""
    added = map(encoded, new.facts)
    facts = b",".join([before, *added] if before else added)
    told = written_list(facts)
    remember(uow.connection, taken.case.case_no, new.head, facts)
    in_brief = by_reference(uow.connection, taken.case.case_no, taken.case.version, new.head, facts)
    case = written(case_for_services(taken.case, in_brief or told))
    said = [_event(taken.case, entry.fact.name, case, Written(fact)) for entry, fact in _pairs(taken, new)]
    VOICE.stage(uow, said)
    return told


def _pairs(taken: Taken, new: Changed) -> Iterable[tuple[Entry, str]]:
    return zip(taken.entries, new.facts, strict=True)


def _event(case: Case, fact: str, told_case: Written, told_fact: Written) -> Event:
    name = "registered" if fact == RECEIVED else fact
    return Event(f"case.{name}.v1", case.case_no, case.version, {"case": told_case, "fact": told_fact})
