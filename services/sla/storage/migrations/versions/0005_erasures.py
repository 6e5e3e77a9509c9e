"""Whose data were erased. Runs before the deploy of the code that needs it."""

from shared.outbox.migrations import create_erasures_v1

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nobody's yet."""
    create_erasures_v1()
