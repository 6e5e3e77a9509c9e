"""Whose data were erased, and the seals of entries. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

from shared.outbox.migrations import create_erasures_v1

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Entries on file have no seal: each gets one before anything in it is erased."""
    create_erasures_v1()
    op.add_column("entries", sa.Column("salt", sa.String(32)))
    op.add_column("entries", sa.Column("seal", sa.String(64)))
