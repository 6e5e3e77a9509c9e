"""Which cases nobody has looked at yet. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Those on file count as looked at: nothing is done to them behind anybody's back."""
    op.create_table("fresh", sa.Column("case_id", sa.BigInteger, primary_key=True, autoincrement=False))
