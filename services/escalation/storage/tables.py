"""The tables of escalation: matters, why they escalate, walks, whom they asked, the story; and messaging."""

import sqlalchemy as sa

from shared.base.columns import BigId, Instant, Json, NullableJson
from shared.outbox import declare

metadata = sa.MetaData()
messaging = declare(metadata)

SUBJECT = 40
NAME = 200

subjects = sa.Table(
    "subjects",
    metadata,
    sa.Column("subject", sa.String(SUBJECT), primary_key=True),
    sa.Column("is_order", sa.Boolean, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("region", sa.String(NAME), nullable=False),
    sa.Column("category", sa.String(40)),
    sa.Column("severity", sa.String(20), nullable=False),
    sa.Column("owner", sa.String(NAME)),
    sa.Column("due_on", sa.String(10)),
    sa.Column("milestones", Json, nullable=False),
    sa.Column("complained_about", NullableJson),
)

clock_states = sa.Table(
    "clock_states",
    metadata,
    sa.Column("subject", sa.String(SUBJECT), sa.ForeignKey("subjects.subject"), primary_key=True),
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("key", sa.String(NAME), primary_key=True),
    sa.Column("generation", sa.Integer, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("warned", sa.Float, nullable=False),
    sa.Column("breached_at", Instant),
)

escalations = sa.Table(
    "escalations",
    metadata,
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("subject", sa.String(SUBJECT), sa.ForeignKey("subjects.subject"), nullable=False),
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
    sa.Column("handed_to", sa.String(NAME)),
    sa.Column("lifted", Json, nullable=False, server_default="[]"),
    sa.CheckConstraint("state IN ('open', 'acknowledged', 'resolved')", name="escalations_state"),
    sa.CheckConstraint("level BETWEEN 1 AND 4", name="escalations_level"),
    sa.CheckConstraint("state <> 'resolved' OR next_at IS NULL", name="escalations_over"),
    sa.CheckConstraint("state <> 'acknowledged' OR acknowledged_at IS NOT NULL", name="escalations_acknowledged"),
)
_not_over = escalations.c.state != "resolved"
sa.Index("escalations_due", escalations.c.next_at, escalations.c.id)
sa.Index(
    "escalations_once",
    escalations.c.subject,
    escalations.c.ladder,
    unique=True,
    sqlite_where=_not_over,
    postgresql_where=_not_over,
)
sa.Index("escalations_subject", escalations.c.subject)

reasons = sa.Table(
    "reasons",
    metadata,
    sa.Column("subject", sa.String(SUBJECT), sa.ForeignKey("subjects.subject"), primary_key=True),
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

targets = sa.Table(
    "targets",
    metadata,
    sa.Column("escalation_id", sa.String(100), sa.ForeignKey("escalations.id"), primary_key=True),
    sa.Column("person", sa.String(NAME), primary_key=True),
    sa.Column("code", sa.String(6), nullable=False),
    sa.Column("is_open", sa.Boolean, nullable=False),
)
sa.Index(
    "targets_code",
    targets.c.code,
    unique=True,
    sqlite_where=targets.c.is_open.is_(True),
    postgresql_where=targets.c.is_open.is_(True),
)

sa.Index("targets_any_code", targets.c.code)

guesses = sa.Table(
    "guesses",
    metadata,
    sa.Column("who", sa.String(64), primary_key=True),
    sa.Column("since", Instant, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
)

story = sa.Table(
    "story",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("subject", sa.String(SUBJECT), sa.ForeignKey("subjects.subject"), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("what", sa.String(20), nullable=False),
    sa.Column("rule", sa.String(100), nullable=False),
    sa.Column("escalation_id", sa.String(100)),
    sa.Column("ladder", sa.String(40)),
    sa.Column("level", sa.Integer),
    sa.Column("clock", sa.String(60)),
    sa.Column("who", Json, nullable=False),
    sa.Column("by", sa.String(NAME), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)
sa.Index("story_subject", story.c.subject, story.c.id)

teams = sa.Table(
    "teams",
    metadata,
    sa.Column("subject", sa.String(SUBJECT), sa.ForeignKey("subjects.subject"), primary_key=True),
    sa.Column("leader", sa.String(NAME), nullable=False),
    sa.Column("members", Json, nullable=False),
    sa.Column("visit_at", Instant),
    sa.Column("by", sa.String(NAME), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)

alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("subject", sa.String(SUBJECT), sa.ForeignKey("subjects.subject"), nullable=False),
    sa.Column("kind", sa.String(30), nullable=False),
    sa.Column("severity", sa.String(20), nullable=False),
    sa.Column("region", sa.String(NAME), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("raised_at", Instant, nullable=False),
    sa.Column("pile", sa.String(300)),
)
sa.Index("alerts_pile", alerts.c.pile, alerts.c.at)

registered = sa.Table(
    "registered",
    metadata,
    sa.Column("case_no", sa.String(SUBJECT), primary_key=True),
    sa.Column("product", sa.String(NAME), nullable=False),
    sa.Column("category", sa.String(40), nullable=False),
    sa.Column("region", sa.String(NAME), nullable=False),
    sa.Column("at", Instant, nullable=False),
)
sa.Index("registered_alike", registered.c.product, registered.c.category, registered.c.at)
