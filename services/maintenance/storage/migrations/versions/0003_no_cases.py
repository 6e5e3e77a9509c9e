"""Whole cases are kept no longer, only what a defect's case has become. Runs after the deploy of the new code."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Customers' data goes with them: nobody here needs it (AL-4)."""
    op.drop_table("cases")
