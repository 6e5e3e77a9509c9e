"""The region tree. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Empty: any well-formed path is taken until an operator loads a tree (contracts 3)."""
    op.create_table("regions", sa.Column("path", sa.String(200), primary_key=True))
