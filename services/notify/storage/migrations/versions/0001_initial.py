"""The first tables of notify. Runs before the deploy of the code that needs it."""

from shared.outbox.migrations import create_messaging_v1, create_newest_v1

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Messaging, and what others tell."""
    create_messaging_v1()
    create_newest_v1("cases")
    create_newest_v1("clocks")
    create_newest_v1("escalations")
    create_newest_v1("orders")
