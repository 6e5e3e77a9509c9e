"""Matters, reasons, walks, targets, the story, teams, alerts. Runs before the deploy of the code that needs them."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import BigId, Instant, Json

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create them; each after those that it refers to."""
    _subjects()
    _clock_states()
    _escalations()
    _reasons()
    _targets()
    _story()
    _teams()
    _alerts()
    _registered()


def _subjects() -> None:
    op.create_table(
        "subjects",
        sa.Column("subject", sa.String(40), primary_key=True),
        sa.Column("is_order", sa.Boolean, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("region", sa.String(200), nullable=False),
        sa.Column("category", sa.String(40)),
        sa.Column("severity", sa.String(20), nullable=False),
        sa.Column("owner", sa.String(200)),
        sa.Column("due_on", sa.String(10)),
        sa.Column("milestones", Json, nullable=False),
    )


def _clock_states() -> None:
    op.create_table(
        "clock_states",
        sa.Column("subject", sa.String(40), sa.ForeignKey("subjects.subject"), primary_key=True),
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("generation", sa.Integer, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("warned", sa.Float, nullable=False),
    )


def _escalations() -> None:
    op.create_table(
        "escalations",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("subject", sa.String(40), sa.ForeignKey("subjects.subject"), nullable=False),
        sa.Column("ladder", sa.String(40), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("reached_at", Instant, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("repeats", sa.Integer, nullable=False),
        sa.Column("next_at", Instant),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("acknowledged_by", Json, nullable=False),
        sa.Column("acknowledged_at", Instant),
        sa.Column("handed_to", sa.String(200)),
        sa.CheckConstraint("state IN ('open', 'acknowledged', 'resolved')", name="escalations_state"),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name="escalations_level"),
        sa.CheckConstraint("state <> 'resolved' OR next_at IS NULL", name="escalations_over"),
        sa.CheckConstraint("state <> 'acknowledged' OR acknowledged_at IS NOT NULL", name="escalations_acknowledged"),
    )
    not_over = sa.text("state <> 'resolved'")
    op.create_index("escalations_due", "escalations", ["next_at", "id"])
    op.create_index(
        "escalations_once",
        "escalations",
        ["subject", "ladder"],
        unique=True,
        sqlite_where=not_over,
        postgresql_where=not_over,
    )
    op.create_index("escalations_subject", "escalations", ["subject"])


def _reasons() -> None:
    op.create_table(
        "reasons",
        sa.Column("subject", sa.String(40), sa.ForeignKey("subjects.subject"), primary_key=True),
        sa.Column("rule", sa.String(40), primary_key=True),
        sa.Column("ref", sa.String(330), primary_key=True),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("ladder", sa.String(40), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("clock", sa.String(60)),
        sa.Column("level", sa.Integer),
        sa.Column("up", sa.Integer, nullable=False),
        sa.Column("standing", sa.Boolean, nullable=False),
        sa.Column("settled", sa.Boolean, nullable=False),
        sa.Column("joined", sa.String(100)),
    )


def _targets() -> None:
    op.create_table(
        "targets",
        sa.Column("escalation_id", sa.String(100), sa.ForeignKey("escalations.id"), primary_key=True),
        sa.Column("person", sa.String(200), primary_key=True),
        sa.Column("code", sa.String(6), nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
    )
    op.create_index(
        "targets_code",
        "targets",
        ["code"],
        unique=True,
        sqlite_where=sa.text("is_open IS 1"),
        postgresql_where=sa.text("is_open IS true"),
    )


def _story() -> None:
    op.create_table(
        "story",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("subject", sa.String(40), sa.ForeignKey("subjects.subject"), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("rule", sa.String(100), nullable=False),
        sa.Column("escalation_id", sa.String(100)),
        sa.Column("ladder", sa.String(40)),
        sa.Column("level", sa.Integer),
        sa.Column("clock", sa.String(60)),
        sa.Column("who", Json, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_index("story_subject", "story", ["subject", "id"])


def _teams() -> None:
    op.create_table(
        "teams",
        sa.Column("subject", sa.String(40), sa.ForeignKey("subjects.subject"), primary_key=True),
        sa.Column("leader", sa.String(200), nullable=False),
        sa.Column("members", Json, nullable=False),
        sa.Column("visit_at", Instant),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("subject", sa.String(40), sa.ForeignKey("subjects.subject"), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("severity", sa.String(20), nullable=False),
        sa.Column("region", sa.String(200), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("raised_at", Instant, nullable=False),
        sa.Column("pile", sa.String(300)),
    )
    op.create_index("alerts_pile", "alerts", ["pile", "at"])


def _registered() -> None:
    op.create_table(
        "registered",
        sa.Column("case_no", sa.String(40), primary_key=True),
        sa.Column("product", sa.String(200), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("region", sa.String(200), nullable=False),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_index("registered_alike", "registered", ["product", "category", "at"])
