"""Whose personal data are meant: the customer, their cases, and by what they were ever known in these (AL-4)."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.customers import EMAIL, PHONE
from services.intake.domain.proof.chain import remains
from services.intake.storage.customer_tables import customer_contacts, customers
from services.intake.storage.customers import OnFile
from services.intake.storage.repository import SHOWN, CaseFile, Kept, kept_of
from services.intake.storage.rows import case_words
from services.intake.storage.tables import cases, entries, letters
from shared.outbox.places import CASE_ID, CASE_NO, CUSTOMER, CUSTOMER_ID

_c: Final = cases.c
_ENTRIES: Final = sa.select(entries.c.detail).where(entries.c.case_id.in_(sa.bindparam("case_ids", expanding=True)))
_TEXTS: Final = (
    sa.select(entries.c.case_id, entries.c.body, entries.c.detail)
    .where(entries.c.case_id.in_(sa.bindparam("case_ids", expanding=True)))
    .order_by(entries.c.case_id, entries.c.seq)
)
_LONG_CASES: Final = 50
"""Cases whose texts are read at once: some have a thousand entries."""


@dataclass(frozen=True)
class Subject:
    """Somebody, with everything by which they are known."""

    on_file: OnFile | None
    cases: Sequence[Kept]
    names: frozenset[str]
    phones: frozenset[str]
    emails: frozenset[str]
    shared: frozenset[str]
    """Numbers and addresses that are somebody else's too: they say of no other row whose it is."""

    @property
    def own(self) -> list[str]:
        """The numbers and addresses that are theirs alone."""
        return sorted((self.phones | self.emails) - self.shared)

    @property
    def case_ids(self) -> list[int]:
        """The keys of their cases."""
        return [kept.id for kept in self.cases]

    @property
    def keys(self) -> dict[str, list[Any]]:
        """What rows are found by that are theirs."""
        file = self.on_file
        return {
            CASE_ID: list(self.case_ids),
            CASE_NO: list(self.case_nos),
            CUSTOMER: [file.id] if file else [],
            CUSTOMER_ID: [file.person.customer_id] if file else [],
        }

    @property
    def case_nos(self) -> list[str]:
        """The numbers of their cases."""
        return [kept.case.case_no for kept in self.cases]


def subject_of(connection: sa.Connection, on_file: OnFile | None, contacts: Sequence[str]) -> Subject:
    """Everything by which somebody is known; `contacts` are those that they were found by."""
    person = on_file.person if on_file else None
    known = dict.fromkeys([*contacts, *(person.phones + person.emails if person else ())])
    customer_id = person.customer_id if person else None
    kept = _cases(connection, customer_id, _own(connection, customer_id, known))
    told = list(_told(connection, kept))
    phones = {each for each in [*known, *_named(told, PHONE)] if "@" not in each}
    emails = {each for each in [*known, *_named(told, EMAIL)] if "@" in each}
    names = {*_named(told, "name"), *((person.name, person.address) if person else ())}
    own = set(_own(connection, customer_id, [*phones, *emails]))
    shared = (phones | emails) - own
    return Subject(on_file, kept, frozenset(filter(None, names)), *map(frozenset, (phones, emails, shared)))


def left_of(connection: sa.Connection, case_ids: Sequence[int]) -> dict[int, str]:
    """The hash of what the entries of each case say: another one after an erasure that took something out of them."""
    found: dict[int, str] = {}
    for some in _some(case_ids, _LONG_CASES):
        rows = connection.execute(_TEXTS, {"case_ids": some})
        for case_id, of_case in groupby(rows, attrgetter("case_id")):
            found[case_id] = remains(text for row in of_case for text in (row.body, row.detail))
    return found


def files_of(connection: sa.Connection, subject: Subject) -> dict[str, list[str]]:
    """The digests of what their letters left in the folder of mail, but for attachments that others sent too."""
    theirs = sa.or_(letters.c.case_no.in_(subject.case_nos), letters.c.sender.in_(subject.own))
    rows = connection.execute(sa.select(letters.c.id, letters.c.digest, letters.c.attachments).where(theirs)).all()
    ids = {row.id for row in rows}
    sent = {each["sha256"] for row in rows for each in row.attachments}
    others = sa.cast(letters.c.attachments, sa.Text)
    kept = {
        digest
        for digest in sent
        if not ids.issuperset(connection.scalars(sa.select(letters.c.id).where(others.contains(digest))))
    }
    return {"messages": sorted(row.digest for row in rows), "attachments": sorted(sent - kept)}


def renew_words(connection: sa.Connection, case_ids: Sequence[int]) -> None:
    """What the cases are found by is made again from what they say now."""
    for some in _some(case_ids):
        for row in connection.execute(sa.select(*SHOWN).where(_c.id.in_(some))).mappings().all():
            words = case_words(kept_of(row).case)
            connection.execute(cases.update().where(_c.id == row["id"]).values(words=words))


def kept_again(connection: sa.Connection, case_ids: Sequence[int]) -> list[Kept]:
    """These cases as they stand now, oldest first."""
    found: list[Kept] = []
    for some in _some(case_ids):
        rows = connection.execute(sa.select(*SHOWN).where(_c.id.in_(some)).order_by(_c.id)).mappings().all()
        found += [CaseFile(connection).with_handling(kept_of(row)) for row in rows]
    return found


def _cases(connection: sa.Connection, customer_id: str | None, own: Sequence[str]) -> list[Kept]:
    """Their cases; of those that nobody on file has, the ones from their numbers and addresses."""
    reached = [_c.customer_phone.in_(own), _c.customer_email.in_(own)]
    theirs = [sa.and_(_c.customer_id.is_(None), sa.or_(*reached))] if own else []
    if customer_id is not None:
        theirs.append(_c.customer_id == customer_id)
    if not theirs:
        return []
    query = sa.select(*SHOWN).where(sa.or_(*theirs)).order_by(_c.id).with_for_update()
    return [kept_of(row) for row in connection.execute(query).mappings()]


def _own(connection: sa.Connection, customer_id: str | None, contacts: Iterable[str]) -> list[str]:
    """Those of these contacts that reach no other customer, and no other customer's case was registered with."""
    asked = sorted(contacts)
    if not asked:
        return []
    others = sa.select(customer_contacts.c.value).join(customers, customers.c.id == customer_contacts.c.customer)
    taken = set(connection.scalars(others.where(_contacts_in(asked), customers.c.customer_id != (customer_id or ""))))
    for column in (_c.customer_phone, _c.customer_email):
        query = sa.select(column).where(column.in_(asked), _c.customer_id != (customer_id or "")).distinct()
        taken |= set(connection.scalars(query))
    return [each for each in asked if each not in taken]


def _contacts_in(asked: Sequence[str]) -> sa.ColumnElement[bool]:
    return customer_contacts.c.value.in_(asked)


def _told(connection: sa.Connection, kept: Sequence[Kept]) -> Iterator[Mapping[str, Any]]:
    """Whatever their cases ever said of the customer, also before a correction."""
    for each in kept:
        yield each.case.customer.known()
    for row in _entries(connection, [each.id for each in kept]):
        detail = json.loads(row.detail)
        for told in (detail, detail.get("set")):
            if isinstance(told, Mapping) and isinstance(told.get("customer"), Mapping):
                yield told["customer"]


def _named(told: Iterable[Mapping[str, Any]], what: str) -> set[str]:
    return {each[what] for each in told if each.get(what)}


def _entries(connection: sa.Connection, case_ids: Sequence[int]) -> Iterator[Any]:
    for some in _some(case_ids):
        yield from connection.execute(_ENTRIES, {"case_ids": some}).all()


def _some(values: Sequence[int], size: int = 500) -> Iterator[Sequence[int]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
