"""Who is complained about. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import NullableJson

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """What was told before names nobody; the next event of a case does."""
    op.add_column("subjects", sa.Column("complained_about", NullableJson))
