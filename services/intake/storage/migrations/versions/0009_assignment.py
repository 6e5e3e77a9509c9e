"""Rules of assignment, and how busy people are. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import Instant, Json

revision = "0009"
down_revision = "0008"

# Word for word as the code asks: a partial index is used only where the database sees that it holds what is asked for.
OWNED_AND_OPEN = (
    "owner IS NOT NULL AND mode = 'live' AND state IN ('registered', 'handed_over', 'investigating', 'opinion_given', "
    "'agreed', 'in_treatment', 'checked')"
)


def upgrade() -> None:
    """No rules: nothing is assigned until an operator publishes some."""
    op.create_table(
        "assignment_rules",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("by", sa.String(200)),
        sa.Column("note", sa.Text),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_table(
        "unassigned",
        sa.Column("case_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("reason", Json, nullable=False),
        sa.Column("at", Instant, nullable=False),
    )
    where = sa.text(OWNED_AND_OPEN)
    op.create_index("cases_open_owner", "cases", ["owner"], postgresql_where=where, sqlite_where=where)
