"""How a case is handled. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import NullableJson

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """One column, empty until something is handled."""
    op.add_column("cases", sa.Column("handling", NullableJson))
