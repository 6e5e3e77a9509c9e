"""The customer file, and whose a case is. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import BigId, Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Cases on file are nobody's: they are found when a customer of their number or address comes on file."""
    _customers()
    _belongings()
    op.add_column("cases", sa.Column("protected", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("cases", sa.Column("customer_id", sa.String(20)))
    for name, column in (("cases_email", "customer_email"), ("cases_customer", "customer_id")):
        given = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, "cases", [column, "id"], postgresql_where=given, sqlite_where=given)


def _customers() -> None:
    op.create_table(
        "customers",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("customer_id", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("external_ref", sa.String(200)),
        sa.Column("name", sa.String(200)),
        sa.Column("name_key", sa.String(400)),
        sa.Column("address", sa.String(500)),
        sa.Column("protected", sa.Boolean, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("erased_at", Instant),
        sa.Column("erased_by", sa.String(200)),
        sa.UniqueConstraint("customer_id", name="customers_customer_id"),
    )
    referenced = sa.text("external_ref IS NOT NULL")
    op.create_index(
        "customers_once",
        "customers",
        ["source", "external_ref"],
        unique=True,
        postgresql_where=referenced,
        sqlite_where=referenced,
    )
    op.create_index("customers_name", "customers", ["name_key"])


def _belongings() -> None:
    _of_customer(
        "customer_contacts",
        "value",
        sa.Column("kind", sa.String(5), nullable=False),
        sa.Column("value", sa.String(254), nullable=False),
        sa.CheckConstraint("kind IN ('phone', 'email')", name="customer_contacts_kind"),
    )
    _of_customer(
        "customer_orders",
        "order_no",
        sa.Column("order_no", sa.String(200), nullable=False),
        sa.Column("ordered_on", sa.String(10)),
    )
    names = ("model", "serial_no", "order_no", "part_no", "batch")
    days = ("purchased_on", "shipped_on", "produced_on")
    _of_customer(
        "customer_equipment",
        "place",
        *(sa.Column(name, sa.String(200)) for name in names),
        *(sa.Column(day, sa.String(10)) for day in days),
        sa.Column("site", sa.String(500)),
        sa.Column("region", sa.String(200)),
    )
    op.create_index("customer_contacts_value", "customer_contacts", ["value", "customer"])
    op.create_index("customer_orders_number", "customer_orders", ["order_no", "customer"])
    op.create_index("customer_equipment_serial", "customer_equipment", ["serial_no", "customer"])


def _of_customer(table: str, key: str, *more: sa.Column[str] | sa.CheckConstraint) -> None:
    op.create_table(
        table,
        sa.Column("customer", sa.BigInteger, sa.ForeignKey("customers.id"), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        *more,
        sa.PrimaryKeyConstraint("customer", key),
    )
