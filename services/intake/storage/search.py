"""Looking for cases: by attributes, page by page, and by the customer's number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from services.intake.domain.case import Customer
from services.intake.domain.wording import words_of
from services.intake.storage.repository import SHOWN, Kept, kept_of
from services.intake.storage.sight import Sight, seen_by
from services.intake.storage.tables import cases
from services.intake.storage.wording import holds
from shared.base.paging import Place
from shared.base.where import lies_within, stands_behind

CALLER_LIMIT: Final = 50
"""Cases of one number that are looked at, newest first."""

_OF_PHONE: Final = (
    sa.select(*SHOWN)
    .where(cases.c.customer_phone == sa.bindparam("phone"))
    .order_by(cases.c.id.desc())
    .limit(CALLER_LIMIT)
)
_CUSTOMER: Final = (
    sa.select(cases.c.customer_name, cases.c.customer_phone, cases.c.customer_email)
    .where(cases.c.customer_phone == sa.bindparam("phone"), sa.not_(cases.c.anonymous), sa.not_(cases.c.protected))
    .order_by(cases.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to look for; None leaves an attribute open."""

    limit: int
    state: str | None = None
    owners: Sequence[str] | None = None
    """One person in every way of naming them."""
    region: str | None = None
    kind: str | None = None
    category: str | None = None
    severity: str | None = None
    text: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    after: Place | None = None
    """The last case of the page before: when it was received, and its key."""
    newest: bool = False
    """Newest first instead of oldest first."""
    sight: Sight | None = None
    """Of whoever asks; None sees everything."""


class Search:
    """Cases as seen on one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def page(self, wanted: Wanted) -> list[Kept]:
        """One case more than `limit`, if there are: oldest first, and stable while new ones come in."""
        place = (cases.c.received_at, cases.c.id)
        order = [column.desc() for column in place] if wanted.newest else place
        conditions = _conditions(wanted, self._connection.dialect.name)
        query = sa.select(*SHOWN).where(*conditions).order_by(*order)
        rows = self._connection.execute(query.limit(wanted.limit + 1)).mappings()
        return [kept_of(row) for row in rows]

    def of_phone(self, phone: str, sight: Sight | None = None) -> list[Kept]:
        """The cases of a number, newest first; those that whoever asks sees."""
        query = _OF_PHONE.where(*seen_by(sight, self._connection.dialect.name)) if sight else _OF_PHONE
        return [kept_of(row) for row in self._connection.execute(query, {"phone": phone}).mappings()]

    def last_caller(self, phone: str) -> list[Customer]:
        """Who last brought a case from this number in their own name, if somebody did."""
        return [Customer(*row) for row in self._connection.execute(_CUSTOMER, {"phone": phone})]


def _conditions(wanted: Wanted, dialect: str) -> Sequence[sa.ColumnElement[bool]]:
    equal = [
        cases.c[name] == getattr(wanted, name)
        for name in ("state", "kind", "category", "severity")
        if getattr(wanted, name) is not None
    ]
    seen = seen_by(wanted.sight, dialect) if wanted.sight else []
    found = [*_owned(wanted.owners), *_within(wanted.region), *_saying(wanted.text, dialect), *_received(wanted)]
    return [*equal, *found, *seen]


def _owned(owners: Sequence[str] | None) -> list[sa.ColumnElement[bool]]:
    return [] if owners is None else [cases.c.owner.in_(owners)]


def _within(region: str | None) -> list[sa.ColumnElement[bool]]:
    if region is None:
        return []
    return [lies_within(cases.c.region, region)]


def _saying(text: str | None, dialect: str) -> list[sa.ColumnElement[bool]]:
    if text is None:
        return []
    words = words_of([text])
    # A text without a word, as "%", stands in no case.
    return [holds(cases.c.words, words, dialect) if words else sa.false()]


def _received(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.since is not None:
        found.append(cases.c.received_at >= wanted.since)
    if wanted.before is not None:
        found.append(cases.c.received_at < wanted.before)
    if wanted.after is not None:
        found.append(stands_behind(cases.c.received_at, cases.c.id, wanted.after, newest=wanted.newest))
    return found
