"""Cases are given to people by the operator's rules, each with its reason (IN-19).

One replica decides at a time: whoever waited sees what the others gave, so two never count the same load. A case that
somebody has already is left to them: a person's choice is never undone.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.assignment.choosing import Choice, Question, choose
from services.intake.domain.assignment.rules import Rules
from services.intake.domain.assignment.telling import told
from services.intake.domain.dating import Actor
from services.intake.domain.take import Asked, take
from services.intake.domain.vocabulary import REGISTERED
from services.intake.handlers.house import House
from services.intake.handlers.stepping import keep
from services.intake.storage import assignment, fresh
from services.intake.storage.repository import CaseFile, Kept
from shared.base.database import UnitOfWork
from shared.base.people import People
from shared.base.traces import going_on, new_trace

ASSIGNMENT: Final = "system:assignment"
DETAIL: Final = "assignment"
"""Under which the reason stands in the history of the hand-over."""


@dataclass(frozen=True, slots=True)
class Given:
    """What became of one case."""

    case_no: str
    choice: Choice
    reason: Mapping[str, Any]


def assign(house: House, uow: UnitOfWork, batch: Sequence[Kept]) -> None:
    """Give out the cases of a batch that nobody has; nothing at all while there are no rules."""
    found = house.book.rules(uow.connection)
    if found is None:
        return
    ids = [kept.id for kept in batch if kept.case.state == REGISTERED and kept.case.owner is None]
    if ids:
        give_out(house, uow, found, ids)


def give_out(house: House, uow: UnitOfWork, found: tuple[int, Rules], ids: Sequence[int]) -> list[Given]:
    """Decide for these cases, in their order, as they stand now; hand over those for whom there is somebody."""
    fresh.take_turns(uow.connection)
    kept = assignment.unowned_to_change(uow.connection, ids)
    given = decide(house.people, uow.connection, uow.now, found, kept)
    nobody: dict[int, Mapping[str, Any]] = {}
    for each, outcome in zip(kept, given, strict=True):
        if outcome.choice.owner is None:
            nobody[each.id] = outcome.reason
        else:
            _hand_over(house, uow, each, outcome)
    assignment.forget_unassigned(uow.connection, [each.id for each in kept])
    if nobody:
        assignment.note_unassigned(uow.connection, nobody, uow.now)
    return given


def decide(
    people: People, connection: sa.Connection, now: datetime, found: tuple[int, Rules], kept: Sequence[Kept]
) -> list[Given]:
    """Who would get these cases one after the other; changes nothing."""
    version, rules = found
    loads = loads_of(people, connection)
    registrars = _registrars(connection, rules, kept)
    given = []
    for each in kept:
        question = Question(each.case, registrars.get(each.id), now)
        choice = choose(rules, people.everybody, question, loads)
        if choice.owner:
            loads[choice.owner] += 1
        given.append(Given(each.case.case_no, choice, told(choice, version)))
    return given


def loads_of(people: People, connection: sa.Connection) -> Counter[str]:
    """Open cases of everybody, by id, however the case names them."""
    names = {name: person.id for person in people.everybody for name in (person.name, person.id)}
    loads: Counter[str] = Counter()
    for owner, count in assignment.open_cases(connection, names).items():
        loads[names[owner]] += count
    return loads


def _registrars(connection: sa.Connection, rules: Rules, kept: Sequence[Kept]) -> dict[int, str]:
    if not any(rule.not_registrar for rule in rules.rules):
        return {}
    bodies = CaseFile(connection).received(each.id for each in kept)
    return {case_id: json.loads(body)["by"] for case_id, body in bodies.items()}


def _hand_over(house: House, uow: UnitOfWork, kept: Kept, given: Given) -> None:
    fields = {"owner": given.choice.owner, DETAIL: given.reason}
    taken = take(kept.case, Asked(step="hand_over", actor=Actor(ASSIGNMENT), fields=fields), uow.now)
    with going_on(new_trace()):  # other cases of the batch are none of its business
        keep(uow, CaseFile(uow.connection), kept, taken, house.handbook)
