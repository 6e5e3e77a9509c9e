"""The letters of the mailbox: one row for each, whatever became of it.

(Message-ID, digest) is unique, so a letter is taken once, whatever crashed after it was.
"""

from typing import Final

import sqlalchemy as sa

from services.intake.storage.metadata import metadata
from shared.base.columns import BigId, Instant, Json

letters: Final = sa.Table(
    "letters",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    # Where it lay when it was last seen: a hint that saves reading it again, never what it is known by.
    sa.Column("mailbox", sa.String(200), nullable=False),
    sa.Column("uid_validity", sa.BigInteger, nullable=False),
    sa.Column("uid", sa.BigInteger, nullable=False),
    sa.Column("message_id", sa.String(500), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("reason", sa.String(20)),
    sa.Column("why", sa.Text),
    sa.Column("case_no", sa.String(12)),
    sa.Column("sender", sa.String(254)),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("attachments", Json, nullable=False),
    sa.Column("arrived_at", Instant, nullable=False),
    sa.Column("taken_at", Instant, nullable=False),
    sa.Column("bounced", sa.String(100)),
    sa.Column("told_at", Instant),
    sa.UniqueConstraint("message_id", "digest", name="letters_once"),
    sa.CheckConstraint("state IN ('case', 'joined', 'aside', 'failed')", name="letters_state"),
    sa.CheckConstraint("(reason IS NULL) = (state IN ('case', 'joined'))", name="letters_reason"),
)
_at = letters.c
sa.Index("letters_place", _at.mailbox, _at.uid_validity, _at.uid)
sa.Index("letters_sender", _at.sender, _at.arrived_at)
sa.Index("letters_case", _at.case_no)
sa.Index("letters_state_id", _at.state, _at.id)
_untold = sa.and_(_at.bounced.is_not(None), _at.told_at.is_(None))
sa.Index("letters_untold", _at.id, postgresql_where=_untold, sqlite_where=_untold)
