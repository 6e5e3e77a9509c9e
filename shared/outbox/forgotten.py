"""Whose data this service has erased: kept by digest, so that what was said before and comes later is clean (AL-4).

Messages wait in queues of their own, so a case's event may come after its customer was erased. It is taken in, without
the customer's data: the record is whole, and nobody is reached any more.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from marshmallow import EXCLUDE, Schema, fields
from marshmallow.validate import Length, OneOf, Range
from sqlalchemy.dialects import postgresql, sqlite

from shared.base.database import UnitOfWork
from shared.base.fields import NAME as LONGEST_NAME
from shared.base.fields import CaseNumber, Flag, Text
from shared.base.schema import load
from shared.events import Envelope
from shared.kernel.contacts import parse_email, parse_phone
from shared.kernel.erasing import EMAIL, KINDS, PHONE, Digest, Eraser, Term, terms_of
from shared.kernel.errors import Invalid
from shared.outbox.erasing import Target, erase
from shared.outbox.places import CASE_NO, CUSTOMER_ID, Place
from shared.outbox.tables import MessagingTables

CUSTOMER_ERASED: Final = "customer.erased.v1"
GetDigest = Callable[[], Digest]
_CARRIED: Final = ("case.", "clock.")
"""Events that carry nobody's data, or only those of their case's customer: the number of the case tells whose."""


class _Term(Schema):
    class Meta:
        unknown = EXCLUDE

    kind = fields.String(required=True, validate=OneOf(KINDS))
    length = fields.Integer(required=True, validate=Range(1, 1000))
    digest = fields.String(required=True, validate=Length(40, 40))
    shared = Flag(load_default=False)


class _Erased(Schema):
    class Meta:
        unknown = EXCLUDE

    erasure_id = Text(36, required=True)
    customer_id = Text(LONGEST_NAME, allow_none=True, load_default=None)
    cases = fields.List(CaseNumber(), required=True)
    terms = fields.List(fields.Nested(_Term), required=True)


_ERASED: Final = _Erased()


@dataclass(frozen=True)
class Erasure:
    """One erasure, as it is told."""

    erasure_id: str
    at: datetime
    customer_id: str | None
    cases: Sequence[str]
    terms: Sequence[Term]

    def told(self) -> dict[str, Any]:
        """The data of `customer.erased.v1`."""
        return {
            "erasure_id": self.erasure_id,
            "customer_id": self.customer_id,
            "cases": list(self.cases),
            "terms": [asdict(term) for term in self.terms],
        }


def erasure_told(event: Envelope) -> Erasure:
    """What `customer.erased.v1` tells; raises Invalid."""
    told = load(_ERASED, event.data)
    terms = [Term(**each) for each in told.pop("terms")]
    return Erasure(at=event.time, terms=terms, **told)


class Forgotten:
    """The erasures that one service has carried out."""

    def __init__(self, tables: MessagingTables, digest: GetDigest) -> None:
        self._digest = digest
        self._inserts = {
            name: {
                table: dialect.insert(table).on_conflict_do_nothing() for table in (tables.erasures, tables.erased_keys)
            }
            for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
        }
        self._tables = tables
        erasures, keys = tables.erasures.c, tables.erased_keys.c
        self._any = sa.select(sa.exists(sa.select(keys.key)))
        self._find = (
            sa.select(keys.key, erasures.at, erasures.terms)
            .join(tables.erasures, erasures.erasure_id == keys.erasure_id)
            .where(keys.key.in_(sa.bindparam("the_keys", expanding=True)))
        )

    def forget(self, places: Sequence[Place], uow: UnitOfWork, event: Envelope) -> None:
        """Erase from these places whatever `customer.erased.v1` asks for, and remember whose it was."""
        erasure = erasure_told(event)
        self.remember(uow, erasure)
        keys = {CASE_NO: erasure.cases, CUSTOMER_ID: [erasure.customer_id] if erasure.customer_id else []}
        needles = [*erasure.cases, *keys[CUSTOMER_ID]]
        erase(uow.connection, places, Target(self._digest(), erasure.terms, keys, needles=needles))

    def remember(self, uow: UnitOfWork, erasure: Erasure) -> None:
        """Keep by what messages are known that were said before it."""
        row = {"erasure_id": erasure.erasure_id, "at": erasure.at, "terms": [asdict(each) for each in erasure.terms]}
        own = [each.digest for each in erasure.terms if each.kind in (PHONE, EMAIL) and not each.shared]
        keys = [{"key": key, "erasure_id": erasure.erasure_id} for key in dict.fromkeys([*erasure.cases, *own])]
        inserts = self._inserts[uow.connection.dialect.name]
        uow.connection.execute(inserts[self._tables.erasures], row)
        if keys:
            uow.connection.execute(inserts[self._tables.erased_keys], keys)

    def stripped(self, uow: UnitOfWork, events: Sequence[Envelope]) -> list[Envelope]:
        """The events without the data of those who were erased after they were said."""
        if not uow.connection.scalar(self._any):
            return list(events)
        keys = {event.id: set(self._keys(event)) for event in events}
        asked = sorted(set().union(*keys.values()))
        found = uow.connection.execute(self._find, {"the_keys": asked}).all() if asked else []
        return [self._strip(event, [row for row in found if row.key in keys[event.id]]) for event in events]

    def _keys(self, event: Envelope) -> Iterator[str]:
        yield event.subject[:64]
        if not event.type.startswith(_CARRIED):
            yield from _contacts(event.data, self._digest())

    def _strip(self, event: Envelope, erasures: Sequence[Any]) -> Envelope:
        terms = [Term(**term) for row in erasures if event.time <= row.at for term in row.terms]
        return replace(event, data=Eraser(self._digest(), terms).document(event.data)) if terms else event


def _contacts(value: Any, digest: Digest, name: str = "") -> Iterator[str]:
    """The digests of every number and address in a document."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _contacts(inner, digest, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _contacts(inner, digest, name)
    elif isinstance(value, str) and name in (PHONE, EMAIL, "to"):
        yield from _digest_of(value, digest)


def _digest_of(value: str, digest: Digest) -> Iterator[str]:
    try:
        kind, plain = (EMAIL, parse_email(value)) if "@" in value else (PHONE, parse_phone(value))
    except Invalid:
        return
    yield from (term.digest for term in terms_of(digest, kind, [plain]))
