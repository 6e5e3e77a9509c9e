"""Signed digests, and who read which case. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import BigId, Instant

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Four tables that only grow."""
    op.create_table(
        "digests",
        sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sealed_at", Instant, nullable=False),
        sa.Column("reads_up_to", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
    )
    op.create_table(
        "digest_leaves",
        sa.Column("digest_no", sa.Integer, sa.ForeignKey("digests.no", name="digest_leaves_digest"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("case_id", sa.BigInteger, nullable=False),
        sa.Column("case_no", sa.String(12), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
    )
    op.create_index("digest_leaves_case", "digest_leaves", ["case_id", "seq"])
    op.create_table(
        "accesses",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("writer", sa.String(16), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("by", sa.String(220), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
        sa.UniqueConstraint("writer", "seq", name="accesses_seq"),
    )
    op.create_index("accesses_at", "accesses", ["at", "id"])
    op.create_index("accesses_by", "accesses", ["by", "at", "id"])
    op.create_table(
        "access_cases",
        sa.Column("case_no", sa.String(12), primary_key=True),
        sa.Column(
            "access_id",
            sa.BigInteger,
            sa.ForeignKey("accesses.id", name="access_cases_access"),
            primary_key=True,
            autoincrement=False,
        ),
    )
