"""The tables of reliable messaging that every service has in its own database."""

from dataclasses import dataclass, fields

import sqlalchemy as sa

from shared.base.columns import BigId, Instant, Json

WAITING = "waiting"
PARKED = "parked"


@dataclass(frozen=True)
class MessagingTables:
    """Outbox, inbox, held messages and kept answers of one service, and whose data it has forgotten."""

    outbox: sa.Table
    inbox: sa.Table
    held: sa.Table
    answers: sa.Table
    erasures: sa.Table
    erased_keys: sa.Table


def declare(metadata: sa.MetaData) -> MessagingTables:
    """Add the tables to a service's metadata; once per metadata."""
    return MessagingTables(
        _outbox(metadata),
        _inbox(metadata),
        _held(metadata),
        _answers(metadata),
        _erasures(metadata),
        _erased_keys(metadata),
    )


def of(metadata: sa.MetaData) -> MessagingTables:
    """The tables that `declare` added."""
    return MessagingTables(*(metadata.tables[name.name] for name in fields(MessagingTables)))


def _outbox(metadata: sa.MetaData) -> sa.Table:
    """Events committed with the state that they tell of; `sent_at` says the broker has confirmed it."""
    outbox = sa.Table(
        "outbox",
        metadata,
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("event_id", sa.String(36), nullable=False),
        sa.Column("exchange", sa.String(100), nullable=False),
        sa.Column("routing_key", sa.String(255), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("staged_at", Instant, nullable=False),
        sa.Column("sent_at", Instant),
    )
    sa.Index(
        "outbox_pending",
        outbox.c.id,
        postgresql_where=outbox.c.sent_at.is_(None),
        sqlite_where=outbox.c.sent_at.is_(None),
    )
    return outbox


def _inbox(metadata: sa.MetaData) -> sa.Table:
    """Messages whose effect is committed, per queue: a second delivery finds its row and does nothing."""
    inbox = sa.Table(
        "inbox",
        metadata,
        sa.Column("queue", sa.String(100), primary_key=True),
        sa.Column("event_id", sa.String(200), primary_key=True),
        sa.Column("taken_at", Instant, nullable=False),
    )
    sa.Index("inbox_taken", inbox.c.taken_at)
    return inbox


def _held(metadata: sa.MetaData) -> sa.Table:
    """Messages that could not be handled: `waiting` for the next try, or `parked` for an operator."""
    held = sa.Table(
        "held",
        metadata,
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("queue", sa.String(100), nullable=False),
        sa.Column("event_id", sa.String(200), nullable=False),
        sa.Column("type", sa.String(200), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("held_at", Instant, nullable=False),
        sa.Column("next_try_at", Instant),
        sa.UniqueConstraint("queue", "event_id", name="held_once"),
        sa.CheckConstraint("(state = 'waiting') = (next_try_at IS NOT NULL)", name="held_waiting_has_time"),
        sa.CheckConstraint("state IN ('waiting', 'parked')", name="held_state"),
    )
    sa.Index("held_due", held.c.state, held.c.next_try_at)
    return held


def _answers(metadata: sa.MetaData) -> sa.Table:
    """First answers of changing methods by request id: the same request again gets the same answer."""
    answers = sa.Table(
        "answers",
        metadata,
        sa.Column("method", sa.String(64), primary_key=True),
        sa.Column("request_id", sa.String(200), primary_key=True),
        sa.Column("answer", Json, nullable=False),
        sa.Column("answered_at", Instant, nullable=False),
    )
    sa.Index("answers_answered", answers.c.answered_at)
    return answers


def _erasures(metadata: sa.MetaData) -> sa.Table:
    """Whose data were erased, and when: what was said before and comes later must not bring them back (AL-4).

    `terms` are keyed digests of names, numbers and addresses, never these themselves.
    """
    return sa.Table(
        "erasures",
        metadata,
        sa.Column("erasure_id", sa.String(36), primary_key=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("terms", Json, nullable=False),
    )


def _erased_keys(metadata: sa.MetaData) -> sa.Table:
    """By what a message is known to be about somebody erased: case numbers, digests of numbers and addresses."""
    return sa.Table(
        "erased_keys",
        metadata,
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("erasure_id", sa.String(36), primary_key=True),
    )
