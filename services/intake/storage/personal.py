"""Where personal data lie in intake's database: the one list that export and erasure go by (AL-4).

Who adds a table that holds anything about people adds it here; a test plants a mark in every column of every table
and finds what was forgotten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import sqlalchemy as sa

from services.intake.storage import customer_tables
from services.intake.storage.call_tables import calls
from services.intake.storage.tables import MESSAGING, cases, entries

CASE_ID: Final = "case_id"
CASE_NO: Final = "case_no"
CUSTOMER: Final = "customer"
CUSTOMER_ID: Final = "customer_id"
CONTACT: Final = "contact"
ANYWHERE: Final = "anywhere"
"""How a column tells whose its row is: by the key or the number of a case, by the key or the id of a customer, by a
number or an address (E.164, mail), or because one of these stands somewhere in its text."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A table that holds personal data."""

    table: sa.Table
    found_by: Mapping[str, str]
    """Columns, each with how it tells whose the row is; one that says so is enough."""
    cleared: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """Columns that hold nothing else, with what stands there afterwards."""
    scrubbed: Sequence[str] = ()
    """Columns of text or JSON, in which the person's name, numbers and addresses are replaced."""
    deleted: bool = False
    """The rows go as a whole."""
    exported: bool = True
    """Whether the rows are about the person, rather than copies on their way."""


def _belonging(table: sa.Table) -> Place:
    return Place(table=table, found_by={"customer": CUSTOMER}, deleted=True)


PLACES: Final[Sequence[Place]] = (
    Place(
        table=customer_tables.customers,
        found_by={"customer_id": CUSTOMER_ID},
        cleared={"name": None, "name_key": None, "address": None, "external_ref": None, "source": ""},
    ),
    _belonging(customer_tables.customer_contacts),
    _belonging(customer_tables.customer_orders),
    _belonging(customer_tables.customer_equipment),
    Place(
        table=cases,
        found_by={"customer_id": CUSTOMER_ID, "customer_phone": CONTACT, "customer_email": CONTACT},
        cleared={"customer_name": None, "customer_phone": None, "customer_email": None},
        scrubbed=("subject", "description", "demand", "product"),
    ),
    Place(
        table=calls,
        found_by={"number": CONTACT},
        cleared={"number": None},
        scrubbed=("sent_from", "sent_to", "events"),
    ),
    Place(table=entries, found_by={"case_id": CASE_ID}, scrubbed=("body", "detail")),
    Place(table=MESSAGING.outbox, found_by={"body": ANYWHERE}, scrubbed=("body",), exported=False),
    Place(table=MESSAGING.held, found_by={"body": ANYWHERE}, scrubbed=("body", "reason"), exported=False),
    Place(table=MESSAGING.answers, found_by={"answer": ANYWHERE}, scrubbed=("answer",), exported=False),
)
