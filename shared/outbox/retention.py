"""How long messages are kept, and how the old ones go: in batches, so that nobody waits long."""

import time
from datetime import datetime, timedelta

import sqlalchemy as sa

from shared.base.database import Database
from shared.outbox.tables import MessagingTables

SENT_DAYS = 7
TAKEN_DAYS = 30
ANSWER_DAYS = 30
BATCH = 5000
BREATH_SECONDS = 0.01
"""Between two batches others may write."""


def tidy(database: Database, tables: MessagingTables, now: datetime) -> int:
    """Delete sent events, taken marks and kept answers that are too old; how many went."""
    old = [
        (tables.outbox, tables.outbox.c.sent_at, SENT_DAYS),
        (tables.inbox, tables.inbox.c.taken_at, TAKEN_DAYS),
        (tables.answers, tables.answers.c.answered_at, ANSWER_DAYS),
    ]
    return sum(_delete(database, table, column, now - timedelta(days=days)) for table, column, days in old)


def _delete(database: Database, table: sa.Table, column: sa.Column[datetime], before: datetime) -> int:
    keys = list(table.primary_key.columns)
    batch = sa.select(*keys).where(column < before).limit(BATCH)
    removed = 0
    while True:
        with database.write() as uow:
            gone = uow.connection.execute(table.delete().where(sa.tuple_(*keys).in_(batch))).rowcount
        removed += gone
        if gone < BATCH:
            return removed
        time.sleep(BREATH_SECONDS)
