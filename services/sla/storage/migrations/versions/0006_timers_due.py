"""Only timers that are set are in the index of those due. Runs before the deploy: older code reads it too."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the index anew."""
    op.drop_index("timers_due", "timers")
    is_set = sa.text("state = 'set'")
    op.create_index(
        "timers_due",
        "timers",
        ["fire_at", "clock_id", "mark", "state"],
        postgresql_where=is_set,
        sqlite_where=is_set,
    )
