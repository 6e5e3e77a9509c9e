"""The tables of the probe."""

import sqlalchemy as sa

from shared.base.columns import BigId, Instant, Json
from shared.outbox import declare

metadata = sa.MetaData()
messaging = declare(metadata)

notes = sa.Table(
    "notes",
    metadata,
    sa.Column("key", sa.String(100), primary_key=True),
    sa.Column("events", sa.Integer, nullable=False),
)

effects = sa.Table(
    "effects",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("event_id", sa.String(200), nullable=False),
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("data", Json, nullable=False),
)

reminders = sa.Table(
    "reminders",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("fire_at", Instant, nullable=False),
    sa.Column("fired_at", Instant),
)
