"""The tables of the customer file (IN-10): who they are, how they are reached, what they ordered and own."""

from typing import Final

import sqlalchemy as sa

from services.intake.storage.metadata import metadata
from shared.base.columns import BigId, Instant

customers: Final = sa.Table(
    "customers",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("customer_id", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("external_ref", sa.String(200)),
    sa.Column("name", sa.String(200)),
    # The name as it is looked for: one form for every width, case and spacing.
    sa.Column("name_key", sa.String(400)),
    sa.Column("address", sa.String(500)),
    sa.Column("protected", sa.Boolean, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    # What stays of a customer whose data were erased: the row, when, and by whom (AL-4).
    sa.Column("erased_at", Instant),
    sa.Column("erased_by", sa.String(200)),
    sa.UniqueConstraint("customer_id", name="customers_customer_id"),
)
_referenced = customers.c.external_ref.is_not(None)
sa.Index(
    "customers_once",
    customers.c.source,
    customers.c.external_ref,
    unique=True,
    postgresql_where=_referenced,
    sqlite_where=_referenced,
)
sa.Index("customers_name", customers.c.name_key)


def _of_customer() -> "sa.Column[int]":
    return sa.Column("customer", sa.BigInteger, sa.ForeignKey("customers.id"), nullable=False)


customer_contacts: Final = sa.Table(
    "customer_contacts",
    metadata,
    _of_customer(),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(5), nullable=False),
    sa.Column("value", sa.String(254), nullable=False),
    sa.PrimaryKeyConstraint("customer", "value"),
    sa.CheckConstraint("kind IN ('phone', 'email')", name="customer_contacts_kind"),
)
sa.Index("customer_contacts_value", customer_contacts.c.value, customer_contacts.c.customer)

customer_orders: Final = sa.Table(
    "customer_orders",
    metadata,
    _of_customer(),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("order_no", sa.String(200), nullable=False),
    sa.Column("ordered_on", sa.String(10)),
    sa.PrimaryKeyConstraint("customer", "order_no"),
)
sa.Index("customer_orders_number", customer_orders.c.order_no, customer_orders.c.customer)

customer_equipment: Final = sa.Table(
    "customer_equipment",
    metadata,
    _of_customer(),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("model", sa.String(200)),
    sa.Column("serial_no", sa.String(200)),
    sa.Column("order_no", sa.String(200)),
    sa.Column("part_no", sa.String(200)),
    sa.Column("batch", sa.String(200)),
    sa.Column("purchased_on", sa.String(10)),
    sa.Column("shipped_on", sa.String(10)),
    sa.Column("produced_on", sa.String(10)),
    sa.Column("site", sa.String(500)),
    sa.Column("region", sa.String(200)),
    sa.PrimaryKeyConstraint("customer", "place"),
)
sa.Index("customer_equipment_serial", customer_equipment.c.serial_no, customer_equipment.c.customer)
