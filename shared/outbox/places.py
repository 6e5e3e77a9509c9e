"""Where personal data lie in a service's database: each service keeps one list, and export and erasure go by it (AL-4).

Who adds a table that holds anything about people adds it there; a test plants marks in every column of every table and
finds what was forgotten.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import sqlalchemy as sa

from shared.outbox.tables import MessagingTables

CASE_NO: Final = "case_no"
CASE_ID: Final = "case_id"
CUSTOMER: Final = "customer"
CUSTOMER_ID: Final = "customer_id"
CONTACT: Final = "contact"
ANYWHERE: Final = "anywhere"
"""How a column tells whose its row is: by the number or the key of a case, by the key or the id of a customer, because
it is a number or an address of theirs, or because one of all these stands somewhere in its text."""

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Place:
    """A table that holds personal data."""

    table: sa.Table
    found_by: Mapping[str, str]
    """Columns, each with how it tells whose the row is; one that says so is enough."""
    cleared: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    """Columns that hold nothing else, with what stands there afterwards."""
    scrubbed: Sequence[str] = ()
    """Columns of text or JSON, from which the person's name, numbers and addresses are taken."""
    spared: Mapping[str, Callable[[Any, Any], Any]] = field(default_factory=lambda: _NOTHING)
    """Of scrubbed columns of JSON: what is made of the document before and after, where parts of it stay."""
    renamed: Sequence[str] = ()
    """Columns that tell rows apart: one that holds any of it becomes a name that says nothing."""
    along: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    """Columns that change with the others, and only then."""
    deleted: bool = False
    """The rows go as a whole."""
    exported: bool = True
    """Whether the rows are about the person, rather than copies on their way."""


def places_of_messaging(tables: MessagingTables, *, speaks: bool = True) -> tuple[Place, ...]:
    """Messages on their way and kept answers; the outbox only where the service says anything about people."""
    places = (
        Place(table=tables.outbox, found_by={"body": ANYWHERE}, scrubbed=("body",), exported=False),
        Place(table=tables.held, found_by={"body": ANYWHERE}, scrubbed=("body", "reason"), exported=False),
        Place(
            table=tables.answers,
            found_by={"answer": ANYWHERE, "request_id": ANYWHERE},
            scrubbed=("answer",),
            renamed=("request_id",),
            exported=False,
        ),
    )
    return places if speaks else places[1:]
