"""A walk remembers what has lifted it. Runs before the deploy: code that does not know the column leaves it empty."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import Json

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Of walks that stand nobody knows any more: what comes again may lift them once more."""
    op.add_column("escalations", sa.Column("lifted", Json, nullable=False, server_default="[]"))
