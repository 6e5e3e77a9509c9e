"""Subscriptions are found by the region that their patterns begin with.

Runs before the deploy of the code that needs it. Code of before keeps new ones without: they are looked at for every
alert, as all were.
"""

from itertools import takewhile

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """The literal words of a region, where the pattern says at which place its region begins."""
    op.add_column("subscriptions", sa.Column("head", sa.String(255), nullable=False, server_default=""))
    known = sa.table("subscriptions", sa.column("subscription_id"), sa.column("pattern"), sa.column("head"))
    connection = op.get_bind()
    for subscription_id, pattern in connection.execute(sa.select(known.c.subscription_id, known.c.pattern)).all():
        change = known.update().where(known.c.subscription_id == subscription_id)
        connection.execute(change.values(head=_head_of(pattern)))
    op.create_index("subscriptions_head", "subscriptions", ["head"])


def _head_of(pattern: str) -> str:
    words = pattern.split(".")
    return "" if "#" in words[:3] else ".".join(takewhile(lambda word: word not in ("#", "*"), words[3:]))
