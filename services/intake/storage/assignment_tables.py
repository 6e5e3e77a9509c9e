"""The tables of assignment (IN-19): every version of the rules, and which cases they could give to nobody."""

from typing import Final

import sqlalchemy as sa

from services.intake.storage.metadata import metadata
from shared.base.columns import Instant, Json

assignment_rules: Final = sa.Table(
    "assignment_rules",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("body", Json, nullable=False),
    sa.Column("by", sa.String(200)),
    sa.Column("note", sa.Text),
    sa.Column("at", Instant, nullable=False),
)
"""Append-only: the newest counts; without rules in it nothing is assigned."""

unassigned: Final = sa.Table(
    "unassigned",
    metadata,
    sa.Column("case_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("reason", Json, nullable=False),
    sa.Column("at", Instant, nullable=False),
)
"""Cases for which the rules found nobody, and why; about nobody but our own people."""
