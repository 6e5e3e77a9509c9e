"""The table of phone calls: one row a call, with every event that its exchange told."""

from typing import Final

import sqlalchemy as sa

from services.intake.storage.metadata import metadata
from shared.base.columns import BigId, Instant, Json

calls: Final = sa.Table(
    "calls",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("call_id", sa.String(200), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("direction", sa.String(3), nullable=False),
    sa.Column("sent_from", sa.String(100), nullable=False),
    sa.Column("sent_to", sa.String(100), nullable=False),
    # The other party's number, by which their calls are found together; none when it is withheld, or was erased (AL-4).
    sa.Column("number", sa.String(100)),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("first_at", Instant, nullable=False),
    # When one of us last began to speak on it: whatever was missed before that is done.
    sa.Column("spoke_at", Instant),
    # What became of a missed one: a callback case was opened or joined, or why there is none.
    sa.Column("callback", sa.String(10)),
    sa.Column("callback_case_no", sa.String(12)),
    sa.Column("said_missed", sa.Boolean, nullable=False),
    # Everything heard, as plain data: the record is folded from it, and can be folded again by better rules.
    sa.Column("events", Json, nullable=False),
    sa.UniqueConstraint("source", "call_id", name="calls_once"),
)
sa.Index("calls_first", calls.c.first_at, calls.c.id)
sa.Index("calls_number", calls.c.number, calls.c.first_at, calls.c.id)
_called_back = calls.c.callback_case_no.is_not(None)
sa.Index("calls_waiting", calls.c.number, postgresql_where=_called_back, sqlite_where=_called_back)
sa.Index("calls_callback", calls.c.callback_case_no, postgresql_where=_called_back, sqlite_where=_called_back)
