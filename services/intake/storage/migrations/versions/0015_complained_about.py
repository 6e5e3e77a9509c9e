"""Who is complained about. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import NullableJson

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Of cases on file nobody has said it: none is about anybody."""
    op.add_column("cases", sa.Column("complained_about", NullableJson))
