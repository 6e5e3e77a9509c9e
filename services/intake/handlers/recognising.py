"""Who is calling: from the customer file, else from the cases that came from this number (IN-10)."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.case import Customer
from services.intake.domain.customers import Item, Person, as_wire
from services.intake.handlers.customers import in_brief
from services.intake.storage.customers import CustomerFile

Answer = dict[str, Any]
CANDIDATES: Final = 10
"""Customers of one number that a clerk is shown at most."""


def who_calls(
    connection: sa.Connection, phone: str, callers: Sequence[Customer], show: Callable[[Item], Answer] = as_wire
) -> Answer:
    """The customer and what they own; several of one number are candidates, and nobody guesses which.

    `callers` gave this number with their cases, newest first; `show` is how something owned is shown. Nobody
    protected is named: whoever picks up the phone may be the one complained about.
    """
    found = [each.person for each in CustomerFile(connection).of_contact(phone, CANDIDATES)]
    shown = [person for person in found if not person.protected]
    if len(found) > 1:
        return {"candidates": [in_brief(person) for person in shown]}
    if shown:
        return {"customer": _caller(shown[0], phone), "equipment": [show(item) for item in shown[0].equipment]}
    named = [caller for caller in callers if not caller.anonymous and not caller.protected]
    return {"customer": _told(named[0])} if named and not found else {}


def _caller(person: Person, phone: str) -> Answer:
    email = person.emails[0] if person.emails else None
    return _given({"customer_id": person.customer_id, "name": person.name, "phone": phone, "email": email})


def _told(caller: Customer) -> Answer:
    return _given({"name": caller.name, "phone": caller.phone, "email": caller.email})


def _given(known: Answer) -> Answer:
    return {what: value for what, value in known.items() if value}
