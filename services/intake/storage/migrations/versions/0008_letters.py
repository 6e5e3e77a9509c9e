"""The letters of the mailbox. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import BigId, Instant, Json

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """One row a letter; (Message-ID, digest) is unique."""
    op.create_table(
        "letters",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("mailbox", sa.String(200), nullable=False),
        sa.Column("uid_validity", sa.BigInteger, nullable=False),
        sa.Column("uid", sa.BigInteger, nullable=False),
        sa.Column("message_id", sa.String(500), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(20)),
        sa.Column("why", sa.Text),
        sa.Column("case_no", sa.String(12)),
        sa.Column("sender", sa.String(254)),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("attachments", Json, nullable=False),
        sa.Column("arrived_at", Instant, nullable=False),
        sa.Column("taken_at", Instant, nullable=False),
        sa.Column("bounced", sa.String(100)),
        sa.Column("told_at", Instant),
        sa.UniqueConstraint("message_id", "digest", name="letters_once"),
        sa.CheckConstraint("state IN ('case', 'joined', 'aside', 'failed')", name="letters_state"),
        sa.CheckConstraint("(reason IS NULL) = (state IN ('case', 'joined'))", name="letters_reason"),
    )
    op.create_index("letters_place", "letters", ["mailbox", "uid_validity", "uid"])
    op.create_index("letters_sender", "letters", ["sender", "arrived_at"])
    op.create_index("letters_case", "letters", ["case_no"])
    op.create_index("letters_state_id", "letters", ["state", "id"])
    untold = sa.text("bounced IS NOT NULL AND told_at IS NULL")
    op.create_index("letters_untold", "letters", ["id"], sqlite_where=untold, postgresql_where=untold)
