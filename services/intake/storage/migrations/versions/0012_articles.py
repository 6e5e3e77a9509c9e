"""Knowledge articles. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import Instant, Json

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Every version of each."""
    op.create_table(
        "articles",
        sa.Column("article_id", sa.String(80), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("by", sa.String(200)),
        sa.Column("at", Instant, nullable=False),
    )
