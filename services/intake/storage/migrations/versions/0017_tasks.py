"""Tasks and evidence. Runs before the deploy of the code that needs it."""

import sqlalchemy as sa
from alembic import op

from shared.base.columns import BigId, Instant

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """No tasks: cases on file get theirs with their next step, or all at once by `renew_tasks`."""
    _tasks()
    _evidence()


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.BigInteger, nullable=False),
        sa.Column("case_no", sa.String(12), nullable=False),
        sa.Column("region", sa.String(200), nullable=False),
        sa.Column("task_id", sa.String(130), nullable=False),
        sa.Column("duty", sa.String(40), nullable=False),
        sa.Column("department", sa.String(200)),
        sa.Column("owner", sa.String(200)),
        sa.Column("since", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("settled_at", Instant),
        sa.Column("urged", sa.Integer, nullable=False),
        sa.Column("last_urged_at", Instant),
        sa.Column("last_urged_by", sa.String(200)),
        sa.UniqueConstraint("case_id", "task_id", name="tasks_once"),
        sa.CheckConstraint("state IN ('open', 'done', 'cancelled')", name="tasks_state"),
    )
    is_open = sa.text("state = 'open'")
    op.create_index("tasks_due", "tasks", ["due_at", "id"], postgresql_where=is_open, sqlite_where=is_open)
    if op.get_bind().dialect.name == "postgresql":
        for name in ("department", "owner"):
            op.create_index(f"tasks_{name}", "tasks", [name, "due_at", "id"], postgresql_where=is_open)


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("case_id", sa.BigInteger, nullable=False),
        sa.Column("case_no", sa.String(12), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200)),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("kept", sa.Boolean, nullable=False),
        sa.UniqueConstraint("case_id", "digest", name="evidence_once"),
    )
    op.create_index("evidence_digest", "evidence", ["digest"])
