"""What lists and searches are read from: indexes in the order of pages, and the words of each case.

Runs before the deploy of the code that needs it; older code leaves `words` empty, and such a case is not found by text.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from services.intake.domain.wording import words_of
from services.intake.storage.wording import Words

revision = "0003"
down_revision = "0002"

BATCH = 1_000
_cases = sa.table(
    "cases",
    sa.column("id", sa.BigInteger),
    *(sa.column(name, sa.Text) for name in ("subject", "demand", "description")),
    sa.column("product", sa.JSON),
    sa.column("words", Words),
)


def upgrade() -> None:
    """Indexes are made last: filling is quicker without them."""
    op.add_column("cases", sa.Column("words", Words))
    after: int | None = 0
    while after is not None:
        after = _fill(op.get_bind(), after)
    owned = sa.text("owner IS NOT NULL")
    op.create_index("cases_owner", "cases", ["owner", "received_at", "id"], postgresql_where=owned, sqlite_where=owned)
    if op.get_bind().dialect.name == "postgresql":
        for name in ("state", "kind", "category", "severity"):
            op.create_index(f"cases_{name}", "cases", [name, "received_at", "id"])
        op.create_index(
            "cases_region", "cases", ["region", "received_at"], postgresql_ops={"region": "text_pattern_ops"}
        )
        op.create_index("cases_words", "cases", ["words"], postgresql_using="gin")


def _fill(connection: sa.Connection, after: int) -> int | None:
    batch = sa.select(_cases).where(_cases.c.id > after).order_by(_cases.c.id).limit(BATCH)
    rows = connection.execute(batch).all()
    if not rows:
        return None
    statement = _cases.update().where(_cases.c.id == sa.bindparam("the_id"))
    connection.execute(statement, [{"the_id": row.id, "words": words_of(_texts(row))} for row in rows])
    return int(rows[-1].id)


def _texts(row: sa.Row[Any]) -> list[str]:
    product = json.loads(row.product) if isinstance(row.product, str) else row.product or {}
    named = [value for value in product.values() if isinstance(value, str)]
    return [row.subject, row.demand, *named, row.description]
