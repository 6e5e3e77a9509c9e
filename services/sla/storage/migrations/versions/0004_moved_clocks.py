"""How many clocks a publication moved, counted without waiting for each other. Runs before the deploy of its code."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table; what was counted before stays with its publication."""
    op.create_table(
        "moved_clocks",
        sa.Column("publication_id", sa.BigInteger, sa.ForeignKey("publications.id"), primary_key=True),
        sa.Column("slot", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("moved", sa.Integer, nullable=False),
    )
