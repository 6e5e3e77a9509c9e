"""Since when nothing more is done for a message, in real time. Runs before the deploy of the code that needs it.

What code of before ends meanwhile has no such instant, and is kept.
"""

import sqlalchemy as sa
from alembic import op

from shared.base.clock import wall_now
from shared.base.columns import Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Of what ended before, the end of its last try; of what was never tried, now."""
    op.add_column("messages", sa.Column("over_at", Instant))
    messages = sa.table(
        "messages", sa.column("over_at", Instant), sa.column("attempt_id"), sa.column("state", sa.String)
    )
    attempts = sa.table("attempts", sa.column("id"), sa.column("ended_at", Instant))
    last = sa.select(attempts.c.ended_at).where(attempts.c.id == messages.c.attempt_id).scalar_subquery()
    over = messages.update().where(messages.c.state.not_in(["accepted", "sending"]))
    op.execute(over.values(over_at=sa.func.coalesce(last, sa.bindparam("now", wall_now(), type_=Instant()))))
    is_over = sa.text("over_at IS NOT NULL")
    op.create_index("messages_over", "messages", ["over_at"], sqlite_where=is_over, postgresql_where=is_over)
    op.create_index("receipts_received", "receipts", ["received_at"])
