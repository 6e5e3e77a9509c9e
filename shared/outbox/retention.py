"""How long messages are kept, and how the old ones go: in batches, so that nobody waits long."""

import time
from datetime import datetime, timedelta

import sqlalchemy as sa

from shared.base.among import among
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
        (tables.inbox, tables.inbox.c.taken_at, TAKEN_DAYS),
        (tables.answers, tables.answers.c.answered_at, ANSWER_DAYS),
    ]
    sent = _delete_sent(database, tables.outbox, now - timedelta(days=SENT_DAYS))
    return sent + sum(_delete(database, table, column, now - timedelta(days=days)) for table, column, days in old)


def _delete_sent(database: Database, outbox: sa.Table, before: datetime) -> int:
    """Events in the order of their numbers, which is that of time, until they are too young to have been sent then."""
    columns = outbox.c.id, outbox.c.staged_at, outbox.c.sent_at
    next_ones = sa.select(*columns).where(outbox.c.id > sa.bindparam("after")).order_by(outbox.c.id).limit(BATCH)
    delete = outbox.delete().where(among(outbox.c.id, "ids"))
    removed = after = 0
    while True:
        with database.write() as uow:
            rows = uow.connection.execute(next_ones, {"after": after}).all()
            gone = [row.id for row in rows if row.sent_at is not None and row.sent_at < before]
            if gone:
                uow.connection.execute(delete, {"ids": gone})
        removed += len(gone)
        if len(rows) < BATCH or rows[-1].staged_at >= before:
            return removed
        after = rows[-1].id
        time.sleep(BREATH_SECONDS)


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
