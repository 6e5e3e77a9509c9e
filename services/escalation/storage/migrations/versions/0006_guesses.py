"""Wrong codes are counted. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import Instant

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Who typed how many; and an index by which a code that is settled already is known from a guess."""
    op.create_table(
        "guesses",
        sa.Column("who", sa.String(64), primary_key=True),
        sa.Column("since", Instant, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_index("targets_any_code", "targets", ["code"])
