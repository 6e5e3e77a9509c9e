"""The chain over entries. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Entries on file are chained by the service, some at a time, or when the next one comes to their case."""
    op.add_column("entries", sa.Column("chain", sa.String(64)))
    op.add_column("cases", sa.Column("chained", sa.Integer))
    op.add_column("cases", sa.Column("chain", sa.String(64)))
