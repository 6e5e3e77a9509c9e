"""Erasing somebody's personal data from one database, by the list of places where they lie (AL-4)."""

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import sqlalchemy as sa

from shared.base.columns import Json
from shared.kernel.erasing import EMAIL, PHONE, Digest, Eraser, Term, contact_digests
from shared.kernel.plain_json import written
from shared.outbox.places import ANYWHERE, CONTACT, Place

BATCH: Final = 500
STATEMENT_SECONDS: Final = 300
"""To erase is asked for seldom, and reads messages through that have no index."""
_MANY: Final = 200
"""Keys that one statement is given."""
_FEW: Final = 20
"""Texts that one statement looks for."""
Row = Mapping[str, Any]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Target:
    """Whose data go.

    `keys` are what rows are found by, of each kind that places name; `contacts` are the numbers and addresses
    themselves, where they are known: in intake. Elsewhere there are only digests, and every text is read.
    """

    digest: Digest
    terms: Sequence[Term]
    keys: Mapping[str, Sequence[Any]]
    contacts: Sequence[str] | None = None
    needles: Sequence[str] = field(default=())
    """Texts that tell whose a message is, wherever they stand in it: numbers of cases, the customer's id."""

    @cached_property
    def eraser(self) -> Eraser:
        """Takes all of it out of what is theirs."""
        return Eraser(self.digest, self.terms)

    @cached_property
    def own(self) -> frozenset[str]:
        """The digests of the numbers and addresses that are nobody else's."""
        return frozenset(each.digest for each in self.terms if each.kind in (PHONE, EMAIL) and not each.shared)

    def is_reached_by(self, text: str) -> bool:
        """Whether one of their numbers or addresses stands in a text."""
        lengths = [each.length for each in self.terms if each.kind == PHONE]
        return not self.own.isdisjoint(contact_digests(self.digest, text, lengths))


def erase(connection: sa.Connection, places: Sequence[Place], target: Target, *, dry: bool = False) -> dict[str, int]:
    """Take somebody's data out of every place; how many rows of each table held any. `dry` changes nothing."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {STATEMENT_SECONDS * 1000}")
    else:
        connection.exec_driver_sql("PRAGMA secure_delete = ON")  # what is gone leaves no bytes in the file
    counted: dict[str, int] = {}
    for place in places:
        changed = _erase_from(connection, place, target, dry=dry)
        if changed:
            counted[place.table.name] = counted.get(place.table.name, 0) + changed
    return counted


def rows_of(connection: sa.Connection, place: Place, target: Target) -> Iterator[Row]:
    """The rows of a place that are theirs, each once."""
    table = place.table
    keys = list(table.primary_key.columns)
    for found in _batches(sorted(_found(connection, place, target), key=repr), _MANY):
        rows = connection.execute(sa.select(table).where(sa.tuple_(*keys).in_(found))).mappings().all()
        yield from (dict(row) for row in rows)


def _erase_from(connection: sa.Connection, place: Place, target: Target, *, dry: bool) -> int:
    table, count = place.table, 0
    for row in rows_of(connection, place, target):
        changes = _changes(place, row, target.eraser)
        if not changes and not place.deleted:
            continue
        count += 1
        if dry:
            continue
        here = [column == row[column.name] for column in table.primary_key.columns]
        change = table.delete() if place.deleted else table.update().values(changes)
        connection.execute(change.where(*here))
    return count


def _changes(place: Place, row: Row, eraser: Eraser) -> dict[str, Any]:
    after = {name: value for name, value in place.cleared.items() if row[name] is not None}
    after |= {name: _without(eraser, row[name], place.spared.get(name, _all_of_it)) for name in place.scrubbed}
    for name in place.renamed:
        if row[name] is not None and eraser.text(row[name]) != row[name]:
            after[name] = f"erased-{uuid.uuid4()}"
    changes = {name: value for name, value in after.items() if value != row[name]}
    return {**changes, **place.along} if changes else {}


def _all_of_it(_told: Any, clean: Any) -> Any:
    return clean


def _without(eraser: Eraser, value: Any, spare: Callable[[Any, Any], Any]) -> Any:
    """A column without it: JSON in a column of text stays JSON."""
    if not isinstance(value, str):
        return eraser.document(value)
    if value[:1] not in ("{", "["):
        return eraser.text(value)
    try:
        told = json.loads(value)
    except ValueError:
        return eraser.text(value)
    clean = spare(told, eraser.document(told))
    return value if clean == told else written(clean).text


def _found(connection: sa.Connection, place: Place, target: Target) -> set[Key]:
    """The keys of the rows that are theirs."""
    found: set[Key] = set()
    for name, how in place.found_by.items():
        column = place.table.c[name]
        if how == ANYWHERE:
            found |= _named_in(connection, place, column, [*target.needles, *(target.contacts or ())])
        else:
            wanted = (target.contacts or ()) if how == CONTACT else target.keys.get(how, ())
            found |= _selected(connection, place, column, wanted)
    if target.contacts is None and target.own:
        found |= _read_through(connection, place, target)
    return found


def _selected(connection: sa.Connection, place: Place, column: sa.Column[Any], wanted: Sequence[Any]) -> set[Key]:
    keys = list(place.table.primary_key.columns)
    found: set[Key] = set()
    for some in _batches(wanted, _MANY):
        found |= {tuple(row) for row in connection.execute(sa.select(*keys).where(column.in_(some)))}
    return found


def _named_in(connection: sa.Connection, place: Place, column: sa.Column[Any], needles: Sequence[str]) -> set[Key]:
    """Rows in whose text it is said whose they are."""
    text = sa.cast(column, sa.Text) if isinstance(column.type, type(Json)) else column
    keys = list(place.table.primary_key.columns)
    found: set[Key] = set()
    for some in _batches(needles, _FEW):
        named = sa.or_(*(text.contains(needle, autoescape=True) for needle in some))
        found |= {tuple(row) for row in connection.execute(sa.select(*keys).where(named))}
    return found


def _read_through(connection: sa.Connection, place: Place, target: Target) -> set[Key]:
    """Rows in which one of the numbers or addresses is found by its digest: every row is read."""
    columns = [place.table.c[name] for name, how in place.found_by.items() if how in (CONTACT, ANYWHERE)]
    if not columns:
        return set()
    return {key for key, text in _everything(connection, place.table, columns) if target.is_reached_by(text)}


def _everything(
    connection: sa.Connection, table: sa.Table, columns: Sequence[sa.Column[Any]]
) -> Iterator[tuple[Key, str]]:
    """Each row's key with the text of these columns, some rows at a time: in between others go on."""
    keys = list(table.primary_key.columns)
    query = sa.select(*keys, *(column.label(f"text_{at}") for at, column in enumerate(columns)))
    query = query.order_by(*keys).limit(BATCH)
    rows = connection.execute(query).all()
    while rows:
        yield from ((tuple(row[: len(keys)]), _as_text(row[len(keys) :])) for row in rows)
        if len(rows) < BATCH:
            return
        time.sleep(0)
        last = tuple(sa.literal(value, key.type) for value, key in zip(rows[-1], keys, strict=False))
        rows = connection.execute(query.where(sa.tuple_(*keys) > sa.tuple_(*last))).all()


def _as_text(values: Sequence[Any]) -> str:
    return "\n".join(each if isinstance(each, str) else written(each).text for each in values if each is not None)


def _batches(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
