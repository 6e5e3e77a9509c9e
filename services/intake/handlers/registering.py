"""`register_case`."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from services.intake.domain.case import Case
from services.intake.domain.numbers import SERIALS, case_number
from services.intake.domain.registration import Registration, differences, register
from services.intake.domain.replay import begin
from services.intake.handlers.complained import settled
from services.intake.handlers.promising import Promise
from services.intake.handlers.regions import refuse_unknown
from services.intake.handlers.saying import say
from services.intake.handlers.vouching import actor_of, marks_of, marks_with
from services.intake.handlers.witnessing import witness
from services.intake.storage import fresh
from services.intake.storage.customers import CustomerFile
from services.intake.storage.fresh import AFTER_REGISTRATION
from services.intake.storage.repository import CaseFile, Kept
from shared.base.database import UnitOfWork
from shared.base.people import People
from shared.kernel.errors import Invalid, NotFound, Unavailable
from shared.kernel.vocabulary import LIVE

Answer = dict[str, Any]

TRIES: Final = 5
"""Numbers tried for a case: with millions of cases on file one in 10,000 is taken, five of them never all."""


def draw_serial() -> int:
    """A serial that nobody can guess from another one; drawn, not counted, so replicas need no common counter."""
    return secrets.randbelow(SERIALS)


def register_case(
    uow: UnitOfWork,
    people: People,
    asked: Registration,
    promise: Promise,
    draw: Callable[[], int] = draw_serial,
    more: Mapping[str, Any] | None = None,
) -> Answer:
    """Keep the case and say `case.registered.v1`; the same (channel, source, external_ref) is one case (IN-16).

    `more` stands in the history beside what was asked for.
    """
    file = CaseFile(uow.connection)
    asked, found = settled(people, _linked_to_first(file, asked))
    marks = marks_with(found, marks_of(people, registrar=actor_of(people, asked.by).by)) | dict(more or {})
    _refuse_stranger(uow, asked.customer_id)
    for _ in range(TRIES):
        taken = register(case_number(draw()), asked, uow.now, marks)
        if added := file.add(taken, promise):
            if not added.in_tree:
                refuse_unknown(uow.connection, asked.region, "region")
            witness(uow, taken.case.case_no, added.head)
            say(uow, taken, b"", added)
            if taken.case.mode == LIVE:
                uow.collect(fresh.add, [added.id])
                uow.signal(AFTER_REGISTRATION)
            return _registered(taken.case, promise)
        if same := file.find_same(asked.channel, asked.source, asked.external_ref):
            return _duplicate(file, same, asked)
    raise Unavailable("no free case number was found; try again")


def _refuse_stranger(uow: UnitOfWork, customer_id: str | None) -> None:
    """Raise Invalid where the customer who was named is not on file, or is forgotten."""
    found = CustomerFile(uow.connection).find(customer_id) if customer_id else None
    if customer_id and (found is None or found.erased_at is not None):
        raise Invalid.field("customer.customer_id", "nobody on file has this id")


def _registered(case: Case, promise: Promise) -> Answer:
    return {
        "case_no": case.case_no,
        "state": case.state,
        "version": case.version,
        "duplicate": False,
        "promise": promise,
    }


def _duplicate(file: CaseFile, same: Kept, asked: Registration) -> Answer:
    received, *others = file.registration(same)
    first = begin(same.case.case_no, received)
    return {
        "case_no": same.case.case_no,
        "state": same.case.state,
        "version": same.case.version,
        "duplicate": True,
        "differs": differences(first, others[0] if others else None, asked),
        "promise": same.promise,
    }


def _linked_to_first(file: CaseFile, asked: Registration) -> Registration:
    if asked.repeat_of is None:
        return asked
    return replace(asked, repeat_of=first_of(file, asked.repeat_of))


def first_of(file: CaseFile, case_no: str) -> str:
    """The first case of the matter; raises NotFound."""
    first = file.first_of(case_no)
    if first is None:
        raise NotFound(f"no case {case_no} to be a repeat of", {"repeat_of": case_no})
    return first
