"""The first tables of sla: cases, facts, clocks, timers. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import BigId, Instant, Json
from shared.outbox.migrations import create_messaging_v1

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Messaging, and all that sla keeps."""
    create_messaging_v1()
    _cases()
    _facts()
    _clocks()
    _timers()


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("case_no", sa.String(20), primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("mode", sa.String(10), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("region", sa.String(200), nullable=False),
        sa.Column("category", sa.String(40)),
        sa.Column("severity", sa.String(20), nullable=False),
        sa.Column("owner", sa.String(200)),
        sa.Column("fact_count", sa.Integer, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("floors", Json, nullable=False),
    )
    op.create_index("cases_owner", "cases", ["owner"])
    op.create_index("cases_region", "cases", ["region"])


def _facts() -> None:
    op.create_table(
        "facts",
        sa.Column("case_no", sa.String(20), sa.ForeignKey("cases.case_no"), primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("fact", sa.String(40), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("key", sa.String(200)),
        sa.Column("due_at", Instant),
        sa.Column("set", Json, nullable=False),
        sa.Column("voids", sa.String(200)),
    )


def _clocks() -> None:
    op.create_table(
        "clocks",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("case_no", sa.String(20), sa.ForeignKey("cases.case_no"), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("stopped_at", Instant),
        sa.Column("ended_at", Instant),
        sa.Column("paused_since", Instant),
        sa.Column("paused_seconds", sa.Float, nullable=False),
        sa.Column("measure", sa.String(10), nullable=False),
        sa.Column("provisional", sa.Boolean, nullable=False),
        sa.Column("policy_version", sa.String(60), nullable=False),
        sa.Column("calendar", sa.String(60), nullable=False),
        sa.Column("calendar_version", sa.String(60), nullable=False),
        sa.Column("warned", sa.String(100), nullable=False),
        sa.Column("breached_at", Instant),
        sa.Column("revoked_at", Instant),
        sa.Column("revoked_by", sa.String(200)),
        sa.UniqueConstraint("case_no", "name", "key", "generation", name="clocks_once"),
        sa.CheckConstraint(
            "state IN ('running', 'paused', 'met', 'breached', 'late', 'cancelled')",
            name="clocks_state",
        ),
        sa.CheckConstraint("(state = 'paused') = (paused_since IS NOT NULL)", name="clocks_paused_since"),
        sa.CheckConstraint("(state IN ('met', 'late')) = (stopped_at IS NOT NULL)", name="clocks_stopped_at"),
    )
    op.create_index("clocks_due", "clocks", ["state", "due_at", "id"])


def _timers() -> None:
    op.create_table(
        "timers",
        sa.Column("clock_id", sa.BigInteger, sa.ForeignKey("clocks.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("mark", sa.Integer, primary_key=True),
        sa.Column("fire_at", Instant, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.CheckConstraint("state IN ('set', 'fired')", name="timers_state"),
    )
    op.create_index("timers_due", "timers", ["state", "fire_at", "clock_id", "mark"])
