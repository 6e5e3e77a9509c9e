"""Which messages went with attempts before their last. Runs before the deploy: code of before writes nothing there."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """A table that stays nearly empty: only what is sent again is in it."""
    op.create_table(
        "earlier_tries",
        sa.Column("attempt_id", sa.BigInteger, sa.ForeignKey("attempts.id"), primary_key=True),
        sa.Column("message_id", sa.BigInteger, sa.ForeignKey("messages.id"), primary_key=True),
    )
    op.create_index("earlier_tries_message", "earlier_tries", ["message_id"])
