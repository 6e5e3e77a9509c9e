"""The table of knowledge articles: every version of each, append-only; the newest counts."""

from typing import Final

import sqlalchemy as sa

from services.intake.storage.metadata import metadata
from shared.base.columns import Instant, Json

articles: Final = sa.Table(
    "articles",
    metadata,
    sa.Column("article_id", sa.String(80), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    # title and text in each language; what it is about; whether it is offered.
    sa.Column("body", Json, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("by", sa.String(200)),
    sa.Column("at", Instant, nullable=False),
)
