"""Whose data were erased. Runs before the deploy of the code that needs it."""

from shared.outbox.migrations import create_erasures_v1

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nobody's yet."""
    create_erasures_v1()
