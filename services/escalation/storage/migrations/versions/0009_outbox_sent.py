"""Events are kept without an index by when they were sent. Runs before the deploy: older code does without it."""

from shared.outbox.migrations import drop_outbox_sent_v1

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Drop the index."""
    drop_outbox_sent_v1()
