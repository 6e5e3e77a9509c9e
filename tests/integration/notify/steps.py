"""What tests of sending do again and again."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from services.notify import handlers
from services.notify.handlers import Receipt
from services.notify.storage.tables import attempts, messages
from tests.integration.notify.office import RULES, Office


def send(office: Office, key: str = "k", **more: Any) -> None:
    request = {"key": key, "channel": "sms", "to": "+8613800138000", "text": "hello"} | more
    office.do(handlers.send, request, RULES)


def real_time_goes_on(office: Office, **span: float) -> None:
    """As if retries and leases had been set so much earlier."""
    with office.database.write() as uow:
        for column in (messages.c.retry_at, attempts.c.lease_until):
            rows = uow.connection.execute(sa.select(column.table.c.id, column).where(column.is_not(None))).all()
            for row_id, instant in rows:
                change = column.table.update().where(column.table.c.id == row_id)
                uow.connection.execute(change.values({column.name: instant - timedelta(**span)}))


def receive(office: Office, *found: Receipt) -> None:
    with office.database.write() as uow:
        handlers.receive(RULES, uow, "recorder", list(found), "raw")


def events(office: Office) -> list[str]:
    return [kind.split(".")[1] for kind, _ in office.heard()]
