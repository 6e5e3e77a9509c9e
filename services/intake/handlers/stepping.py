"""`take_step`."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.intake.domain.case import Case
from services.intake.domain.dating import Dated
from services.intake.domain.facts import Draft
from services.intake.domain.handling.book import CONTRACT, Handbook
from services.intake.domain.handling.telling import handling_as_wire
from services.intake.domain.protecting import guarded
from services.intake.domain.refusals import conflict, no_such_case
from services.intake.domain.steps import legal_steps
from services.intake.domain.take import Asked, Taken, record, take
from services.intake.domain.wire import case_for_staff
from services.intake.handlers.compensating import refuse_approver
from services.intake.handlers.complained import corrected
from services.intake.handlers.owing import in_own_words, keep_tasks, understood
from services.intake.handlers.regions import refuse_unknown
from services.intake.handlers.registering import first_of
from services.intake.handlers.rights import Rights
from services.intake.handlers.saying import say
from services.intake.handlers.survey_answers import follow_step
from services.intake.handlers.vouching import actor_of, marks_of, marks_with
from services.intake.handlers.witnessing import witness
from services.intake.schemas import to_asked
from services.intake.storage.repository import CaseFile, Kept
from services.intake.storage.told import facts_before
from shared.base.database import UnitOfWork
from shared.base.people import People
from shared.base.vouching import admit
from shared.kernel.plain_json import Written, encoded

Answer = dict[str, Any]


def take_step(
    uow: UnitOfWork,
    people: People,
    request: Mapping[str, Any],
    book: Handbook = CONTRACT,
    rights: Rights | None = None,
) -> Answer:
    """Take a step and say its facts; the case as it then stands, with its facts, without its history."""
    rights = rights or Rights(people)
    file = CaseFile(uow.connection)
    kept = file.find_to_change(request["case_no"])
    if kept is None:
        raise no_such_case(request["case_no"])
    admit(people, request["by"])
    rights.refuse_step(kept.case, in_own_words(people, book.duties, request))
    if "region" in request.get("set", {}):
        refuse_unknown(uow.connection, request["set"]["region"], "set.region")
    if "repeat_of" in request:
        request = {**request, "repeat_of": first_of(file, request["repeat_of"])}
    request = understood(people, book.duties, kept.case, request)
    refuse_approver(people, book, kept.case, request)
    taken = take(kept.case, asked_of(people, kept.case, request), uow.now, book)
    facts = keep(uow, file, kept, taken, book)
    follow_step(uow, taken.case, request)
    told = case_for_staff(taken.case) | rights.owing(taken.case) | handling_as_wire(taken.case, book)
    if taken.case.customer.protected:
        return guarded(taken.case, told | {"facts": json.loads(facts.text)})
    return told | {"facts": facts}


def asked_of(people: People, case: Case, request: Mapping[str, Any]) -> Asked:
    """The step that a request means, with who acts, who is named, and what the history marks of them."""
    owner, actor = request.get("owner"), actor_of(people, request["by"])
    marks = marks_of(people, by=request["by"], owner=owner)
    if "set" in request:
        request, found = corrected(people, case, request)
        marks = marks_with(found, marks)
    asked = to_asked(request, actor, marks)
    return asked if owner is None else replace(asked, owner_names=people.names_of(owner))


def bring_back(uow: UnitOfWork, book: Handbook, case_no: str, draft: Draft, by: str, dated: Dated) -> bool:
    """Add a fact that another service tells of; False when there is no such case."""
    file = CaseFile(uow.connection)
    kept = file.find_to_change(case_no)
    if kept is None:
        return False
    keep(uow, file, kept, record(kept.case, [draft], by=by, dated=dated, now=uow.now), book)
    return True


def keep(uow: UnitOfWork, file: CaseFile, kept: Kept, taken: Taken, book: Handbook = CONTRACT) -> Written:
    """Store what a request made of a case, and of what is owed in it, and say it; every fact of the case."""
    before = facts_before(uow.connection, kept.case.case_no, kept.head) or encoded(file.facts_written(kept))
    new = file.change(kept, taken)
    if new is None:
        why = "somebody else changed it at the same moment; try again"
        raise conflict(kept.case, why, legal_steps(kept.case, book))
    keep_tasks(uow.connection, book.duties, kept, taken.case)
    witness(uow, taken.case.case_no, new.head)
    return say(uow, taken, before, new)
