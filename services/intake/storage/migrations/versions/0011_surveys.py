"""Satisfaction. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import BigId, Instant, Json

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """One row for each time that a customer was asked; cases resolved before are asked about when somebody answers."""
    op.create_table(
        "surveys",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("case_no", sa.String(12)),
        sa.Column("customer_id", sa.String(20)),
        sa.Column("period", sa.String(10)),
        sa.Column("region", sa.String(200), nullable=False),
        sa.Column("model", sa.String(200)),
        sa.Column("department", sa.String(200)),
        sa.Column("category", sa.String(20)),
        sa.Column("case_kind", sa.String(20)),
        sa.Column("owner", sa.String(200)),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("answered_at", Instant),
        sa.Column("score", sa.Float),
        sa.Column("comment", sa.Text),
        sa.Column("via", sa.String(10)),
        sa.Column("earlier", Json, nullable=False),
        sa.UniqueConstraint("code", name="surveys_code"),
        sa.UniqueConstraint("case_no", name="surveys_case"),
        sa.UniqueConstraint("customer_id", "period", name="surveys_period"),
        sa.CheckConstraint("(kind = 'case') = (case_no IS NOT NULL)", name="surveys_of_case"),
        sa.CheckConstraint("(kind = 'periodic') = (period IS NOT NULL)", name="surveys_of_period"),
        sa.CheckConstraint("(answered_at IS NULL) = (score IS NULL)", name="surveys_answered"),
    )
    op.create_index("surveys_asked", "surveys", ["asked_at", "id"])
