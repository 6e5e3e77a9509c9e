"""Tables of the proof: signed digests with the heads that they stand for, and who read which case (AL-4)."""

from typing import Final

import sqlalchemy as sa

from services.intake.storage.metadata import metadata
from shared.base.columns import BigId, Instant

digests: Final = sa.Table(
    "digests",
    metadata,
    sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sealed_at", Instant, nullable=False),
    sa.Column("reads_up_to", sa.BigInteger, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("signature", sa.String(128), nullable=False),
)

digest_leaves: Final = sa.Table(
    "digest_leaves",
    metadata,
    sa.Column("digest_no", sa.Integer, sa.ForeignKey("digests.no", name="digest_leaves_digest"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("case_id", sa.BigInteger, nullable=False),
    sa.Column("case_no", sa.String(12), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("chain", sa.String(64), nullable=False),
    sa.Index("digest_leaves_case", "case_id", "seq"),
)

accesses: Final = sa.Table(
    "accesses",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("writer", sa.String(16), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("by", sa.String(220), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("chain", sa.String(64), nullable=False),
    sa.UniqueConstraint("writer", "seq", name="accesses_seq"),
    sa.Index("accesses_at", "at", "id"),
    sa.Index("accesses_by", "by", "at", "id"),
)
"""Written once, never changed: `body` says it all, the other columns are what is looked for."""

access_cases: Final = sa.Table(
    "access_cases",
    metadata,
    sa.Column("case_no", sa.String(12), primary_key=True),
    sa.Column(
        "access_id",
        sa.BigInteger,
        sa.ForeignKey("accesses.id", name="access_cases_access"),
        primary_key=True,
        autoincrement=False,
    ),
)
