"""The tables of sla: cases and their facts, clocks and what was said of them, timers, versions; and messaging."""

import sqlalchemy as sa

from shared.base.columns import BigId, Instant, Json
from shared.outbox import declare

metadata = sa.MetaData()
messaging = declare(metadata)

SET = "set"

cases = sa.Table(
    "cases",
    metadata,
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
    sa.Column("received_at", Instant),
)
sa.Index("cases_received", cases.c.received_at, cases.c.case_no)
sa.Index("cases_owner", cases.c.owner)
sa.Index("cases_region", cases.c.region)

facts = sa.Table(
    "facts",
    metadata,
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

clocks = sa.Table(
    "clocks",
    metadata,
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
    sa.Column("used_percent", sa.Integer),
    sa.Column("counted_from", Instant),
    sa.Column("used_before", sa.Float, nullable=False, server_default="0"),
    sa.UniqueConstraint("case_no", "name", "key", "generation", name="clocks_once"),
    sa.CheckConstraint(
        "state IN ('running', 'paused', 'met', 'breached', 'late', 'cancelled')",
        name="clocks_state",
    ),
    sa.CheckConstraint("(state = 'paused') = (paused_since IS NOT NULL)", name="clocks_paused_since"),
    sa.CheckConstraint("(state IN ('met', 'late')) = (stopped_at IS NOT NULL)", name="clocks_stopped_at"),
)
IS_OPEN = clocks.c.ended_at.is_(None)
# Neither holds what changes when a timer fires: PostgreSQL then writes the clock anew on its own page (`fillfactor`,
# migration 0008), and not one index.
sa.Index("clocks_due", clocks.c.due_at, clocks.c.id)
sa.Index("clocks_open", clocks.c.due_at, clocks.c.id, postgresql_where=IS_OPEN, sqlite_where=IS_OPEN)

# Append-only: a trigger refuses every UPDATE and DELETE (migration 0002). No foreign key: on PostgreSQL it would lock
# the case of each timer that fires. What time does (warned, breached) is kept narrow: without the columns from `by` on.
ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("case_no", sa.String(20), primary_key=True),
    sa.Column("clock", sa.String(60), primary_key=True),
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("change", sa.String(14), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("policy_version", sa.String(60), nullable=False),
    sa.Column("calendar", sa.String(60), nullable=False),
    sa.Column("calendar_version", sa.String(60), nullable=False),
    sa.Column("fraction", sa.Float),
    sa.Column("by", sa.String(200)),
    sa.Column("fact_seq", sa.Integer),
    sa.Column("reason", sa.String(60)),
    sa.Column("state", sa.String(10)),
    sa.Column("started_at", Instant),
    sa.Column("due_at", Instant),
    sa.Column("stopped_at", Instant),
    sqlite_with_rowid=False,
)

# A mark that lies ahead has a row; one that fired has none. `state` is always `set`, but where a replica of an earlier
# release left one that `fired`.
timers = sa.Table(
    "timers",
    metadata,
    sa.Column("clock_id", sa.BigInteger, sa.ForeignKey("clocks.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("mark", sa.Integer, primary_key=True),
    sa.Column("fire_at", Instant, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.CheckConstraint("state IN ('set', 'fired')", name="timers_state"),
)
IS_SET = timers.c.state == sa.literal_column(f"'{SET}'", sa.String)
"""Of a timer: it has not fired. Written out, for SQLite finds an index of some rows by nothing else."""
# With the state, which is always the same: without it SQLite looks each row up to see that it is.
sa.Index(
    "timers_due",
    timers.c.fire_at,
    timers.c.clock_id,
    timers.c.mark,
    timers.c.state,
    postgresql_where=IS_SET,
    sqlite_where=IS_SET,
)

# Append-only but for how far its work is: `state` goes from waiting over running to done, `cases` counts
# them, and `moved` the clocks that moved once it is done.
publications = sa.Table(
    "publications",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("version", sa.String(60), nullable=False),
    sa.Column("body", Json, nullable=False),
    sa.Column("regions", Json, nullable=False),
    sa.Column("running", sa.String(10), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("by", sa.String(200), nullable=False),
    sa.Column("note", sa.String(500)),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("cases", sa.Integer, nullable=False, server_default="0"),
    sa.Column("moved", sa.Integer, nullable=False, server_default="0"),
    sa.UniqueConstraint("kind", "name", "version", name="publications_once"),
    sa.CheckConstraint("kind IN ('policy', 'calendar')", name="publications_kind"),
    sa.CheckConstraint("running IN ('keep', 'from_now', 'recompute')", name="publications_running"),
    sa.CheckConstraint("state IN ('waiting', 'running', 'done')", name="publications_state"),
)

# The cases whose clocks a publication still has to derive anew; `problem`: why one could not be, for people to read.
pending_cases = sa.Table(
    "pending_cases",
    metadata,
    sa.Column("publication_id", sa.BigInteger, sa.ForeignKey("publications.id"), primary_key=True),
    sa.Column("case_no", sa.String(20), primary_key=True),
    sa.Column("problem", sa.String(500)),
)

# How many clocks a publication moved so far, in slots: who counts never waits for another's transaction.
moved_clocks = sa.Table(
    "moved_clocks",
    metadata,
    sa.Column("publication_id", sa.BigInteger, sa.ForeignKey("publications.id"), primary_key=True),
    sa.Column("slot", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("moved", sa.Integer, nullable=False),
)
