"""What migration scripts call to make the tables of reliable messaging.

History is never edited: a change of these tables is a new function here and a new script in every service.
"""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import BigId, Instant, Json


def create_messaging_v1() -> None:
    """Outbox, inbox, held messages and kept answers."""
    op.create_table(
        "outbox",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("event_id", sa.String(36), nullable=False),
        sa.Column("exchange", sa.String(100), nullable=False),
        sa.Column("routing_key", sa.String(255), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("staged_at", Instant, nullable=False),
        sa.Column("sent_at", Instant),
    )
    pending = sa.text("sent_at IS NULL")
    op.create_index("outbox_pending", "outbox", ["id"], sqlite_where=pending, postgresql_where=pending)
    op.create_index("outbox_sent", "outbox", ["sent_at"])
    op.create_table(
        "inbox",
        sa.Column("queue", sa.String(100), primary_key=True),
        sa.Column("event_id", sa.String(200), primary_key=True),
        sa.Column("taken_at", Instant, nullable=False),
    )
    op.create_index("inbox_taken", "inbox", ["taken_at"])
    op.create_table(
        "held",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("queue", sa.String(100), nullable=False),
        sa.Column("event_id", sa.String(200), nullable=False),
        sa.Column("type", sa.String(200), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("held_at", Instant, nullable=False),
        sa.Column("next_try_at", Instant),
        sa.UniqueConstraint("queue", "event_id", name="held_once"),
        sa.CheckConstraint("(state = 'waiting') = (next_try_at IS NOT NULL)", name="held_waiting_has_time"),
        sa.CheckConstraint("state IN ('waiting', 'parked')", name="held_state"),
    )
    op.create_index("held_due", "held", ["state", "next_try_at"])
    op.create_table(
        "answers",
        sa.Column("method", sa.String(64), primary_key=True),
        sa.Column("request_id", sa.String(200), primary_key=True),
        sa.Column("answer", Json, nullable=False),
        sa.Column("answered_at", Instant, nullable=False),
    )
    op.create_index("answers_answered", "answers", ["answered_at"])


def drop_outbox_sent_v1() -> None:
    """Sent events go in the order of their numbers: an index by when they were sent cost each of them two entries."""
    op.drop_index("outbox_sent", "outbox")


def create_newest_v1(name: str) -> None:
    """A table of newest documents."""
    op.create_table(
        name,
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("document", Json, nullable=False),
        sa.Column("told_at", Instant, nullable=False),
    )


def create_erasures_v1() -> None:
    """Whose data were erased, and by what a message is known to be about them."""
    op.create_table(
        "erasures",
        sa.Column("erasure_id", sa.String(36), primary_key=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("terms", Json, nullable=False),
    )
    op.create_table(
        "erased_keys",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("erasure_id", sa.String(36), primary_key=True),
    )
