"""Repeats: keys by which cases are found, and proposals. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import Instant, Json

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Cases on file have no keys: repeats of what comes from now on are found."""
    op.create_table(
        "repeat_keys",
        sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("case_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.create_index("repeat_keys_case", "repeat_keys", ["case_id"])
    op.create_table(
        "repeat_proposals",
        sa.Column("case_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("case_no", sa.String(12), nullable=False),
        sa.Column("first_case", sa.String(12), nullable=False),
        sa.Column("reasons", Json, nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("proposed_at", Instant, nullable=False),
        sa.Column("by", sa.String(200)),
        sa.Column("at", Instant),
        sa.Column("note", sa.Text),
        sa.CheckConstraint("state IN ('proposed', 'confirmed', 'rejected')", name="repeat_proposals_state"),
    )
    op.create_index("repeat_proposals_state", "repeat_proposals", ["state", "proposed_at", "case_id"])
    op.create_index("repeat_proposals_first", "repeat_proposals", ["first_case"])
