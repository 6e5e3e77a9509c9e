"""All SQL of intake; statements are built once, methods speak business."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.intake.domain.case import Case
from services.intake.domain.facts import Entry
from services.intake.domain.proof.chain import Head, begin
from services.intake.domain.replay import replay, was_handled_before
from services.intake.domain.take import Taken
from services.intake.domain.wire import Wire
from services.intake.storage.chaining import chain_up
from services.intake.storage.customers import the_only_one
from services.intake.storage.regions import takes
from services.intake.storage.rows import (
    Row,
    case_of,
    case_row,
    case_words,
    changed_columns,
    entry_of,
    entry_rows,
    facts_of,
)
from services.intake.storage.tables import cases, entries

Promise = dict[str, Any] | None
Facts = Sequence[str]
"""Facts in the form in which they are kept: JSON text, ready to go on the wire."""

SHOWN: Final = [column for column in cases.c if column.name != "words"]
"""What is read of a case: all but the words that it is found by."""

# An insert that finds the number or the reference taken does nothing, instead of spoiling the transaction.
# Whose the case is, is looked up in the same statement: a registration must not wait for another round trip.
_WHOSE: Final = the_only_one(sa.bindparam("reached_by_phone"), sa.bindparam("reached_by_email"))
_CHOSEN_OR_FOUND: Final = sa.func.coalesce(sa.bindparam("chosen", type_=cases.c.customer_id.type), _WHOSE)
# By name: as a column it would bring its table along into the question, and mean any case.
_ITS_REGION: Final = sa.literal_column("cases.region", cases.c.region.type)
_INSERT_CASE: Final = {
    name: dialect.insert(cases)
    .values(customer_id=_CHOSEN_OR_FOUND)
    .on_conflict_do_nothing()
    .returning(cases.c.id, takes(_ITS_REGION).label("in_tree"))
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_INSERT_ENTRIES: Final = entries.insert()
_UPDATE_CASE: Final = cases.update().where(
    cases.c.id == sa.bindparam("the_id"), cases.c.version == sa.bindparam("the_version")
)
_BY_NUMBER: Final = sa.select(*SHOWN).where(cases.c.case_no == sa.bindparam("case_no"))
_BY_NUMBER_LOCKED: Final = _BY_NUMBER.with_for_update()
_BY_REFERENCE: Final = sa.select(*SHOWN).where(
    cases.c.first_channel == sa.bindparam("channel"),
    cases.c.source == sa.bindparam("source"),
    cases.c.external_ref == sa.bindparam("external_ref"),
)
# A reader may see entries newer than the case it has read: only those up to its version belong to it.
_OF_CASE = sa.and_(entries.c.case_id == sa.bindparam("case_id"), entries.c.version <= sa.bindparam("version"))
# Joined by the database: a thousand rows that come one by one cost more than everything else of a step.
_IN_ORDER: Final = sa.select(entries.c.body).where(_OF_CASE).order_by(entries.c.seq).subquery()
_FACTS: Final = {
    "sqlite": sa.select(sa.func.group_concat(_IN_ORDER.c.body, ",")),
    "postgresql": sa.select(
        sa.func.string_agg(entries.c.body, postgresql.aggregate_order_by(sa.literal(","), entries.c.seq))
    ).where(_OF_CASE),
}
_HISTORY: Final = sa.select(entries.c.body, entries.c.detail, entries.c.version).where(_OF_CASE).order_by(entries.c.seq)
_RECEIVED: Final = sa.select(entries.c.case_id, entries.c.body).where(
    entries.c.seq == 1, entries.c.case_id.in_(sa.bindparam("ids", expanding=True))
)
_REPEATS: Final = sa.select(cases.c.repeat_of).where(cases.c.case_no == sa.bindparam("case_no"))


@dataclass(frozen=True, slots=True)
class Kept:
    """A case with what only its row holds: its key, and what was promised when it was registered."""

    id: int
    case: Case
    promise: Promise
    head: Head | None = None
    """The head of its chain; None where an older release wrote it, or the last of its entries."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a request wrote: its facts, and the head of the chain after them."""

    facts: Facts
    head: Head


@dataclass(frozen=True, slots=True)
class Added(Changed):
    """A new case and its key; also whether its region is in the tree, which the same statement looked up."""

    id: int
    in_tree: bool


class CaseFile:
    """The cases, as seen on one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, taken: Taken, promise: Promise) -> Added | None:
        """Keep a new case; None, and nothing done, when its number or its reference is taken."""
        new_entries, head = entry_rows(taken.case, taken.entries, begin(taken.case.case_no))
        row = case_row(taken.case) | {
            "promise": promise,
            "first_channel": taken.case.channel,
            "words": case_words(taken.case),
            **_head_row(head),
            **_reached(taken.case),
        }
        row["chosen"] = row.pop("customer_id")  # else the statement itself finds whose it is
        new = self._connection.execute(_INSERT_CASE[self._connection.dialect.name], row).one_or_none()
        if new is None:
            return None
        return Added(self._write(new.id, new_entries), head, new.id, bool(new.in_tree))

    def change(self, kept: Kept, taken: Taken) -> Changed | None:
        """Keep what a request made of a case; its new facts, or None when somebody else changed the case meanwhile."""
        before = kept.head or chain_up(self._connection, kept.id, kept.case.case_no)
        new_entries, head = entry_rows(taken.case, taken.entries, before)
        row: Row = changed_columns(kept.case, taken.case) | _head_row(head)
        row |= {"the_id": kept.id, "the_version": kept.case.version}
        if kept.case.customer != taken.case.customer:
            row["customer_id"] = self._connection.scalar(sa.select(_WHOSE), _reached(taken.case))
        if self._connection.execute(_UPDATE_CASE, row).rowcount != 1:
            return None
        return Changed(self._write(kept.id, new_entries), head)

    def find(self, case_no: str) -> Kept | None:
        """The case of this number."""
        return self._one(_BY_NUMBER, case_no=case_no)

    def find_to_change(self, case_no: str) -> Kept | None:
        """The case of this number; others who want to change it wait until this transaction ends."""
        return self._one(_BY_NUMBER_LOCKED, case_no=case_no)

    def find_same(self, channel: str, source: str, external_ref: str | None) -> Kept | None:
        """The case that was registered under this reference before (IN-16)."""
        if external_ref is None:
            return None
        return self._one(_BY_REFERENCE, channel=channel, source=source, external_ref=external_ref)

    def first_of(self, case_no: str) -> str | None:
        """The first case of the matter that a case belongs to; None when there is no such case (IN-20)."""
        seen: set[str] = set()
        while case_no not in seen:
            seen.add(case_no)
            row = self._connection.execute(_REPEATS, {"case_no": case_no}).one_or_none()
            if row is None:
                return None
            case_no = row.repeat_of or case_no
        return case_no

    def facts(self, kept: Kept) -> list[Wire]:
        """Every fact of a case, as on the wire."""
        return facts_of(self.facts_written(kept))

    def facts_written(self, kept: Kept, version: int | None = None) -> str:
        """The same as they are kept, with commas between them; up to an earlier version where one is named."""
        query = _FACTS[self._connection.dialect.name]
        return self._connection.scalar(query, _up_to(kept, version or kept.case.version)) or ""

    def history(self, kept: Kept) -> list[tuple[Entry, int]]:
        """Every entry of a case, with the version that it came with."""
        return self._entries(kept, kept.case.version)

    def registration(self, kept: Kept) -> list[Entry]:
        """The entries with which a case began."""
        return [entry for entry, _version in self._entries(kept, 1)]

    def received(self, ids: Iterable[int]) -> dict[int, str]:
        """The first fact of each of these cases, as it is kept."""
        return {row.case_id: row.body for row in self._connection.execute(_RECEIVED, {"ids": list(ids)})}

    def _entries(self, kept: Kept, version: int) -> list[tuple[Entry, int]]:
        rows = self._connection.execute(_HISTORY, _up_to(kept, version)).all()
        return [(entry_of(row.body, row.detail), row.version) for row in rows]

    def _one(self, query: sa.Select[Any], **named: Any) -> Kept | None:
        row = self._connection.execute(query, named).mappings().one_or_none()
        if row is None:
            return None
        return self.with_handling(kept_of(row))

    def with_handling(self, kept: Kept) -> Kept:
        """A case of before handling was kept has it read from its entries, until it changes."""
        if not was_handled_before(kept.case):
            return kept
        entries = [entry for entry, _version in self.history(kept)]
        return replace(kept, case=replace(kept.case, handling=replay(kept.case.case_no, entries).handling))

    def _write(self, case_id: int, new: Sequence[Row]) -> Facts:
        self._connection.execute(_INSERT_ENTRIES, [{"case_id": case_id, **row} for row in new])
        return [row["body"] for row in new]


def kept_of(row: Any) -> Kept:
    """The case in a row of `cases`."""
    case = case_of(row)
    head = Head(row["chained"], row["chain"]) if row["chained"] == case.last_seq else None
    return Kept(row["id"], case, row["promise"], head)


def _head_row(head: Head) -> Row:
    return {"chained": head.seq, "chain": head.chain}


def _reached(case: Case) -> Row:
    """By what the customer is known; an anonymous one is never linked (IN-10)."""
    customer = case.customer
    known = not customer.anonymous
    return {
        "reached_by_phone": customer.phone if known else None,
        "reached_by_email": customer.email if known else None,
    }


def _up_to(kept: Kept, version: int) -> Row:
    return {"case_id": kept.id, "version": version}
