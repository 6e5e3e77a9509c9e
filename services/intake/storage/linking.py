"""Cases and their customers: a case is linked to the one customer whom its number or its address reaches (IN-10)."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa

from services.intake.domain.case import Case
from services.intake.storage.customer_tables import customer_contacts, customers
from services.intake.storage.repository import SHOWN
from services.intake.storage.rows import case_of
from services.intake.storage.sight import Sight, seen_by
from services.intake.storage.tables import cases

_c: Final = cases.c
_contact: Final = customer_contacts.c
_REACHED: Final = (
    sa.select(sa.case((sa.func.count() == 1, sa.func.min(customers.c.customer_id)), else_=sa.null()))
    .select_from(customers)
    .where(
        customers.c.id.in_(
            sa.select(_contact.customer).where(_contact.value.in_([_c.customer_phone, _c.customer_email]))
        )
    )
    .scalar_subquery()
)
_OF_CUSTOMER: Final = (
    sa.select(*SHOWN)
    .where(_c.customer_id == sa.bindparam("customer_id"))
    .order_by(_c.id.desc())
    .limit(sa.bindparam("most"))
)


def link_cases(connection: sa.Connection, contacts: Sequence[str]) -> None:
    """Link what is nobody's yet to the one customer whom its number or address reaches; never an anonymous case."""
    if not contacts:
        return
    reached = sa.or_(_c.customer_phone.in_(contacts), _c.customer_email.in_(contacts))
    free = (_c.customer_id.is_(None), _c.anonymous.is_(False))
    connection.execute(cases.update().where(reached, *free).values(customer_id=_REACHED))


def cases_of(connection: sa.Connection, customer_id: str, most: int, sight: Sight | None = None) -> list[Case]:
    """The cases of a customer, newest first; those that whoever asks sees."""
    query = _OF_CUSTOMER.where(*seen_by(sight, connection.dialect.name)) if sight else _OF_CUSTOMER
    rows = connection.execute(query, {"customer_id": customer_id, "most": most}).mappings()
    return [case_of(dict(row)) for row in rows]
