"""A clock may be breached again after a breach was revoked. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """When the breach of a clock was said; of breaches before this nobody knows it, and they have no other."""
    op.add_column("clock_states", sa.Column("breached_at", Instant))
