"""The tables of repeats (IN-20): under which keys cases are found, and what was proposed."""

from typing import Final

import sqlalchemy as sa

from services.intake.storage.metadata import metadata
from shared.base.columns import Instant, Json

repeat_keys: Final = sa.Table(
    "repeat_keys",
    metadata,
    sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("case_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Digests of number, serial number, order number and words of the subject with the region."""
sa.Index("repeat_keys_case", repeat_keys.c.case_id)

repeat_proposals: Final = sa.Table(
    "repeat_proposals",
    metadata,
    sa.Column("case_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("case_no", sa.String(12), nullable=False),
    sa.Column("first_case", sa.String(12), nullable=False),
    sa.Column("reasons", Json, nullable=False),
    sa.Column("score", sa.Integer, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("proposed_at", Instant, nullable=False),
    sa.Column("by", sa.String(200)),
    sa.Column("at", Instant),
    sa.Column("note", sa.Text),
    sa.CheckConstraint("state IN ('proposed', 'confirmed', 'rejected')", name="repeat_proposals_state"),
)
"""One row a case, for ever: what was rejected is never proposed again."""
sa.Index("repeat_proposals_state", repeat_proposals.c.state, repeat_proposals.c.proposed_at, repeat_proposals.c.case_id)
sa.Index("repeat_proposals_first", repeat_proposals.c.first_case)
