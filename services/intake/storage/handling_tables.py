"""What is owed in cases, for questions over all of them; and files that prove something about them (IN-21, IN-23)."""

from typing import Final

import sqlalchemy as sa

from services.intake.storage.metadata import metadata
from shared.base.columns import BigId, Instant

tasks: Final = sa.Table(
    "tasks",
    metadata,
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
"""Made again with each step from the case and the duties, which alone are true; whether one is overdue depends on when
it is asked."""
IS_OPEN: Final = sa.text("state = 'open'")
sa.Index("tasks_due", tasks.c.due_at, tasks.c.id, postgresql_where=IS_OPEN, sqlite_where=IS_OPEN)
# SQLite is for small numbers: there an index more is a page more in each commit.
_LARGE: Final = {"only_on": "postgresql"}
for _name in ("department", "owner"):
    sa.Index(
        f"tasks_{_name}", tasks.c[_name], tasks.c.due_at, tasks.c.id, postgresql_where=IS_OPEN, info=_LARGE
    )  # fmt: skip

evidence: Final = sa.Table(
    "evidence",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("case_id", sa.BigInteger, nullable=False),
    sa.Column("case_no", sa.String(12), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("name", sa.String(200)),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("at", Instant, nullable=False),
    # False once the customer's data were erased: the file is gone then, its digest stays.
    sa.Column("kept", sa.Boolean, nullable=False),
    sa.UniqueConstraint("case_id", "digest", name="evidence_once"),
)
sa.Index("evidence_digest", evidence.c.digest)
