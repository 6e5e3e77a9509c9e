"""The tables of notify: what others told; messages, attempts, receipts; flows, subscriptions; messaging."""

import sqlalchemy as sa

from shared.base.columns import BigId, Instant, Json
from shared.outbox import declare
from shared.outbox.newest import declare_newest

metadata = sa.MetaData()
messaging = declare(metadata)
cases = declare_newest(metadata, "cases")
clocks = declare_newest(metadata, "clocks")
escalations = declare_newest(metadata, "escalations")
orders = declare_newest(metadata, "orders")

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("reference", sa.String(36), nullable=False, unique=True),
    sa.Column("channel", sa.String(10), nullable=False),
    sa.Column("provider", sa.String(60), nullable=False),
    sa.Column("provider_reference", sa.String(200)),
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("lease_until", Instant),
    sa.Column("ended_at", Instant),
    sa.Column("outcome", sa.String(10)),
    sa.Column("reason", sa.Text),
    sa.CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="attempts_outcome"),
    sa.CheckConstraint("(ended_at IS NULL) = (lease_until IS NOT NULL)", name="attempts_lease"),
    sa.CheckConstraint("outcome IN ('accepted', 'delivered', 'refused', 'failed', 'unclear')", name="attempts_known"),
)
sa.Index(
    "attempts_open",
    attempts.c.lease_until,
    postgresql_where=attempts.c.ended_at.is_(None),
    sqlite_where=attempts.c.ended_at.is_(None),
)
sa.Index("attempts_provider_reference", attempts.c.provider_reference)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("message_id", sa.String(36), nullable=False, unique=True),
    sa.Column("key", sa.String(400), nullable=False),
    sa.Column("recipient", sa.String(200), nullable=False),
    sa.Column("channel", sa.String(10), nullable=False),
    sa.Column("address", sa.String(2000), nullable=False),
    sa.Column("audience", sa.String(10), nullable=False),
    sa.Column("person", sa.String(200)),
    sa.Column("rule", sa.String(60), nullable=False),
    sa.Column("category", sa.String(60), nullable=False),
    sa.Column("template", sa.String(60)),
    sa.Column("language", sa.String(10), nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("bundle", sa.Boolean, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("fallbacks", Json, nullable=False),
    sa.Column("case_no", sa.String(20)),
    sa.Column("order_no", sa.String(60)),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("attempt_id", sa.BigInteger, sa.ForeignKey("attempts.id")),
    sa.Column("trace", sa.String(55), nullable=False),
    sa.Column("accepted_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("retry_at", Instant),
    sa.Column("sent_at", Instant),
    sa.Column("ended_at", Instant),
    sa.Column("over_at", Instant),
    sa.UniqueConstraint("key", "recipient", "channel", name="messages_once"),
    sa.CheckConstraint(
        "state IN ('accepted', 'sending', 'sent', 'delivered', 'failed', 'expired', 'unknown')", name="messages_state"
    ),
    sa.CheckConstraint("state NOT IN ('sending', 'sent', 'unknown') OR attempt_id IS NOT NULL", name="messages_tried"),
    sa.CheckConstraint("(attempt_id IS NULL) = (attempts = 0)", name="messages_attempts"),
    sa.CheckConstraint("(state IN ('delivered', 'failed', 'expired')) = (ended_at IS NOT NULL)", name="messages_ended"),
    sa.CheckConstraint("state NOT IN ('sent', 'delivered') OR sent_at IS NOT NULL", name="messages_sent"),
    sa.CheckConstraint("state NOT IN ('failed', 'expired', 'unknown') OR reason IS NOT NULL", name="messages_reason"),
    sa.CheckConstraint("state = 'accepted' OR retry_at IS NULL", name="messages_retry"),
    sa.CheckConstraint("urgent = false OR bundle = false", name="messages_urgent_alone"),
)
_WAITING = sa.text("state = 'accepted'")
sa.Index(
    "messages_ready",
    messages.c.channel,
    messages.c.urgent,
    messages.c.due_at,
    messages.c.id,
    postgresql_where=_WAITING,
    sqlite_where=_WAITING,
)
sa.Index(
    "messages_together",
    messages.c.channel,
    messages.c.address,
    messages.c.due_at,
    postgresql_where=_WAITING,
    sqlite_where=_WAITING,
)
sa.Index("messages_expiring", messages.c.expires_at, postgresql_where=_WAITING, sqlite_where=_WAITING)
_TO_BE_TRIED_AGAIN = sa.text("state = 'accepted' AND retry_at IS NOT NULL")
sa.Index(
    "messages_again",
    messages.c.channel,
    messages.c.retry_at,
    postgresql_where=_TO_BE_TRIED_AGAIN,
    sqlite_where=_TO_BE_TRIED_AGAIN,
)
_IS_OVER = messages.c.over_at.is_not(None)
sa.Index("messages_over", messages.c.over_at, postgresql_where=_IS_OVER, sqlite_where=_IS_OVER)
sa.Index("messages_attempt", messages.c.attempt_id)
sa.Index("messages_case", messages.c.case_no, messages.c.address)
sa.Index(
    "messages_direct",
    messages.c.key,
    unique=True,
    postgresql_where=sa.text("recipient = 'direct'"),
    sqlite_where=sa.text("recipient = 'direct'"),
)

earlier_tries = sa.Table(
    "earlier_tries",
    metadata,
    sa.Column("attempt_id", sa.BigInteger, sa.ForeignKey("attempts.id"), primary_key=True),
    sa.Column("message_id", sa.BigInteger, sa.ForeignKey("messages.id"), primary_key=True),
)
sa.Index("earlier_tries_message", earlier_tries.c.message_id)

receipts = sa.Table(
    "receipts",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("provider", sa.String(60), nullable=False),
    sa.Column("reference", sa.String(200), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("raw", sa.Text, nullable=False),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("joined_at", Instant),
    sa.CheckConstraint("state IN ('delivered', 'failed', 'other')", name="receipts_state"),
)
sa.Index(
    "receipts_waiting",
    receipts.c.reference,
    postgresql_where=receipts.c.joined_at.is_(None),
    sqlite_where=receipts.c.joined_at.is_(None),
)

sa.Index("receipts_received", receipts.c.received_at)

flows = sa.Table(
    "flows",
    metadata,
    sa.Column("channel", sa.String(10), primary_key=True),
    sa.Column("address", sa.String(2000), primary_key=True),
    sa.Column("open_until", Instant),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("held", sa.Boolean, nullable=False),
    sa.Column("counting_from", Instant),
    sa.Column("counted", sa.Integer, nullable=False),
)

skips = sa.Table(
    "skips",
    metadata,
    sa.Column("key", sa.String(400), primary_key=True),
    sa.Column("who", sa.String(200), primary_key=True),
    sa.Column("rule", sa.String(60), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("case_no", sa.String(20)),
    sa.Column("at", Instant, nullable=False),
)
sa.Index("skips_case", skips.c.case_no)

subscriptions = sa.Table(
    "subscriptions",
    metadata,
    sa.Column("subscription_id", sa.String(36), primary_key=True),
    sa.Column("team", sa.String(60), nullable=False),
    sa.Column("pattern", sa.String(255), nullable=False),
    sa.Column("channel", sa.String(10), nullable=False),
    sa.Column("address", sa.String(2000), nullable=False),
    sa.Column("min_severity", sa.String(20), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("head", sa.String(255), nullable=False, server_default=""),
    sa.UniqueConstraint("team", "pattern", "channel", "address", name="subscriptions_once"),
)
sa.Index("subscriptions_head", subscriptions.c.head)
