"""Phone calls. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import BigId, Instant, Json

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """One row a call."""
    op.create_table(
        "calls",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("call_id", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("direction", sa.String(3), nullable=False),
        sa.Column("sent_from", sa.String(100), nullable=False),
        sa.Column("sent_to", sa.String(100), nullable=False),
        sa.Column("number", sa.String(100)),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("first_at", Instant, nullable=False),
        sa.Column("spoke_at", Instant),
        sa.Column("callback", sa.String(10)),
        sa.Column("callback_case_no", sa.String(12)),
        sa.Column("said_missed", sa.Boolean, nullable=False),
        sa.Column("events", Json, nullable=False),
        sa.UniqueConstraint("source", "call_id", name="calls_once"),
    )
    op.create_index("calls_first", "calls", ["first_at", "id"])
    op.create_index("calls_number", "calls", ["number", "first_at", "id"])
    led = sa.text("callback_case_no IS NOT NULL")
    op.create_index("calls_waiting", "calls", ["number"], sqlite_where=led, postgresql_where=led)
    op.create_index("calls_callback", "calls", ["callback_case_no"], sqlite_where=led, postgresql_where=led)
