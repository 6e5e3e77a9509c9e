"""Versions of policies and calendars, and what of a clock counts by which. Runs before the deploy of its code."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import BigId, Instant, Json

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables; a clock that no publication touched carries nothing."""
    op.add_column("clocks", sa.Column("counted_from", Instant))
    op.add_column("clocks", sa.Column("used_before", sa.Float, nullable=False, server_default="0"))
    _publications()
    op.create_table(
        "pending_cases",
        sa.Column("publication_id", sa.BigInteger, sa.ForeignKey("publications.id"), primary_key=True),
        sa.Column("case_no", sa.String(20), primary_key=True),
        sa.Column("problem", sa.String(500)),
    )


def _publications() -> None:
    op.create_table(
        "publications",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("version", sa.String(60), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("regions", Json, nullable=False),
        sa.Column("running", sa.String(10), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("note", sa.String(500)),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("cases", sa.Integer, nullable=False, server_default="0"),
        sa.Column("moved", sa.Integer, nullable=False, server_default="0"),
        sa.UniqueConstraint("kind", "name", "version", name="publications_once"),
        sa.CheckConstraint("kind IN ('policy', 'calendar')", name="publications_kind"),
        sa.CheckConstraint("running IN ('keep', 'from_now', 'recompute')", name="publications_running"),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done')", name="publications_state"),
    )
