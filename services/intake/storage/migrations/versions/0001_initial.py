"""The first tables of intake. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import BigId, Instant, Json
from shared.outbox.migrations import create_messaging_v1

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Messaging, cases and what happened to them."""
    create_messaging_v1()
    _create_cases()
    op.create_table(
        "entries",
        sa.Column("case_id", sa.BigInteger, sa.ForeignKey("cases.id", name="entries_case"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("case_no", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("mode", sa.String(10), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("waiting", sa.Boolean, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("external_ref", sa.String(200)),
        sa.Column("first_channel", sa.String(20), nullable=False),
        sa.Column("region", sa.String(200), nullable=False),
        sa.Column("category", sa.String(20)),
        sa.Column("severity", sa.String(10), nullable=False),
        sa.Column("verifiable", sa.Boolean, nullable=False),
        sa.Column("cause", sa.String(20)),
        sa.Column("department", sa.String(200)),
        sa.Column("owner", sa.String(200)),
        sa.Column("repeat_of", sa.String(12)),
        sa.Column("customer_name", sa.String(200)),
        sa.Column("customer_phone", sa.String(20)),
        sa.Column("customer_email", sa.String(254)),
        sa.Column("anonymous", sa.Boolean, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("demand", sa.Text),
        sa.Column("product", Json, nullable=False),
        sa.Column("milestones", Json, nullable=False),
        sa.Column("threads", Json, nullable=False),
        sa.Column("promise", Json, nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.UniqueConstraint("case_no", name="cases_case_no"),
        sa.CheckConstraint("version >= 1 AND last_seq >= 1", name="cases_counted"),
    )
    given = sa.text("external_ref IS NOT NULL")
    once = ["first_channel", "source", "external_ref"]
    op.create_index("cases_once", "cases", once, unique=True, sqlite_where=given, postgresql_where=given)
    op.create_index("cases_received", "cases", ["received_at", "id"])
    op.create_index("cases_phone", "cases", ["customer_phone", "id"])
