"""`add_customer` and `get_customer`: the customer file (IN-10)."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.customers import Person, as_wire, changes, completed, refuse_another_reference
from services.intake.domain.warranty import Rule
from services.intake.domain.wire import case_in_list, zone_of
from services.intake.handlers.rights import Rights
from services.intake.handlers.saying import VOICE
from services.intake.handlers.showing import calls_of
from services.intake.handlers.warranties import day_of, item_shown
from services.intake.storage.customers import CustomerFile, OnFile
from services.intake.storage.linking import cases_of, link_cases
from services.intake.storage.sight import Sight
from shared.base.database import UnitOfWork
from shared.base.people import People
from shared.base.vouching import admit
from shared.events import Event
from shared.kernel.errors import Conflict, NotFound, Unavailable
from shared.kernel.instants import format_instant
from shared.kernel.regions import UNASSIGNED

Answer = dict[str, Any]
TRIES: Final = 5
_FIRST_ID: Final = 1_000_000_000
CASES: Final = 200
"""Cases that a customer's page shows, newest first."""
CHANGED: Final = "customer.changed.v1"


def add_customer(uow: UnitOfWork, people: People, rules: Sequence[Rule], request: Mapping[str, Any]) -> Answer:
    """Put a customer on file, or complete one who is; their unlinked cases become theirs."""
    if "by" in request:
        admit(people, request["by"])
    file = CustomerFile(uow.connection)
    told = {name: value for name, value in request.items() if name != "by"}
    found = file.find_to_change(told)
    if found is None and "customer_id" in told:
        raise no_such_customer({"customer_id": told["customer_id"]})
    person, changed = (_added(uow, file, told), ["everything"]) if found is None else _changed(uow, file, found, told)
    if changed:
        link_cases(uow.connection, [*person.phones, *person.emails])
        _say_changed(uow, person, changed)
    view = View(uow.connection, rules, uow.now, identity=True)
    page = page_of(view, _kept(file, person.customer_id))
    return page | {"created": found is None, "changed": [] if found is None else changed}


def get_customer(
    rules: Sequence[Rule],
    now: datetime,
    connection: sa.Connection,
    request: Mapping[str, Any],
    rights: Rights | None = None,
) -> Answer:
    """A customer's page, or the candidates where several are meant (IN-10)."""
    wanted = {name: value for name, value in request.items() if name not in ("identity", "limit", "by")}
    sight = rights.sight(request.get("by")) if rights else None
    found = CustomerFile(connection).search(wanted, request["limit"] + 1)
    if not found:
        raise no_such_customer(wanted)
    if len(found) == 1:
        view = View(connection, rules, now, identity=request.get("identity", False), sight=sight)
        page = page_of(view, found[0])
        return {"customer": page, "candidates": [], "more": False}
    shown = found[: request["limit"]]
    return {"candidates": [in_brief(each.person) for each in shown], "more": len(found) > request["limit"]}


def in_brief(person: Person) -> Answer:
    """A customer as one of several."""
    known = {
        "customer_id": person.customer_id,
        "name": None if person.protected else person.name,
        "phone": _first(person, person.phones),
        "email": _first(person, person.emails),
        "protected": person.protected or None,
    }
    return {name: value for name, value in known.items() if value}


def no_such_customer(wanted: Mapping[str, Any]) -> NotFound:
    """The refusal of what fits no customer; it names what was asked, not the value, which may be personal."""
    return NotFound(f"no customer on file with this {' and '.join(wanted)}", {"asked": sorted(wanted)})


def _first(person: Person, contacts: tuple[str, ...]) -> str | None:
    return contacts[0] if contacts and not person.protected else None


def _added(uow: UnitOfWork, file: CustomerFile, told: Mapping[str, Any]) -> Person:
    for _ in range(TRIES):
        customer_id = f"C{_FIRST_ID + secrets.randbelow(9 * _FIRST_ID)}"
        person = completed(Person(customer_id=customer_id, version=1), told)
        if file.add(person, uow.now):
            return person
    raise Unavailable("somebody else puts this customer on file at the same moment; try again")


def _changed(uow: UnitOfWork, file: CustomerFile, found: OnFile, told: Mapping[str, Any]) -> tuple[Person, list[str]]:
    if found.erased_at is not None:
        who = {"customer_id": found.person.customer_id, "erased_at": format_instant(found.erased_at)}
        raise Conflict(f"the data of customer {found.person.customer_id} were erased; register a new one", who)
    other = file.find_reference(told.get("source", found.person.source), told.get("external_ref"))
    refuse_another_reference(found.person, told, other.person if other else None)
    after = completed(found.person, told)
    changed = changes(found.person, after)
    if changed:
        after = replace(after, version=after.version + 1)
        file.change(found, after, uow.now)
    return after, changed


def _kept(file: CustomerFile, customer_id: str) -> OnFile:
    found = file.find(customer_id)
    if found is None:
        raise no_such_customer({"customer_id": customer_id})
    return found


@dataclass(frozen=True)
class View:
    """How a page is seen: from which database, by which rules of warranty, when, with identities or not, by whom."""

    connection: sa.Connection
    rules: Sequence[Rule]
    now: datetime
    identity: bool
    sight: Sight | None = None


def page_of(view: View, found: OnFile) -> Answer:
    """Everything about a customer on one page; of somebody protected, whose cases are theirs is identity too."""
    person = found.person
    shown = view.identity or not person.protected
    cases = cases_of(view.connection, person.customer_id, CASES, view.sight)
    return {
        "customer_id": person.customer_id,
        "version": person.version,
        **_given({"source": person.source, "external_ref": person.external_ref}),
        **(_given({"name": person.name, "address": person.address}) if shown else {}),
        "phones": list(person.phones) if shown else [],
        "emails": list(person.emails) if shown else [],
        "protected": person.protected,
        "orders": [as_wire(order) for order in person.orders],
        "equipment": [item_shown(view.rules, day_of(view.now), item) for item in person.equipment],
        "calls": calls_of(view.connection, person.phones if shown else ()),
        "cases": [case_in_list(case) for case in cases if view.identity or not case.customer.protected],
        "changed_at": format_instant(found.changed_at, zone_of(UNASSIGNED)),
        **_erased(found),
    }


def _erased(found: OnFile) -> Answer:
    if found.erased_at is None:
        return {}
    return {"erased_at": format_instant(found.erased_at, zone_of(UNASSIGNED)), "erased_by": found.erased_by}


def _say_changed(uow: UnitOfWork, person: Person, changed: list[str]) -> None:
    """Only that and what: who needs more asks, so the customer's data lie in no queue (AL-4)."""
    data = {"customer": {"customer_id": person.customer_id, "version": person.version}, "changed": changed}
    VOICE.stage(uow, [Event(CHANGED, person.customer_id, person.version, data)])


def _given(values: Mapping[str, Any]) -> Answer:
    return {name: value for name, value in values.items() if value}
