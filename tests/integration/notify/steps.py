"""What tests of sending do again and again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from services.notify import handlers
from services.notify.handlers import Receipt, Sender
from services.notify.handlers.sending import Job
from services.notify.storage.tables import attempts, messages
from tests.integration.notify.office import RULES, Office


def send(office: Office, key: str = "k", **more: Any) -> None:
    request = {"key": key, "channel": "sms", "to": "+8613800138000", "text": "hello"} | more
    office.do(handlers.send, request, RULES)


def real_time_goes_on(office: Office, **span: float) -> None:
    """As if retries had been set so much earlier."""
    _set_earlier(office, messages.c.retry_at, timedelta(**span))


def wall_clocks_differ(office: Office, **span: float) -> None:
    """As if the wall clocks of those who have attempts under way were so much behind ours."""
    _set_earlier(office, attempts.c.lease_until, timedelta(**span))


def _set_earlier(office: Office, column: sa.Column[datetime], span: timedelta) -> None:
    with office.database.write() as uow:
        rows = uow.connection.execute(sa.select(column.table.c.id, column).where(column.is_not(None))).all()
        for row_id, instant in rows:
            change = column.table.update().where(column.table.c.id == row_id)
            uow.connection.execute(change.values({column.name: instant - span}))


def watch(office: Office, sender: Sender, seconds: int, in_hand: Sequence[Job] = ()) -> None:
    """The sender looks each second whether there is something to do; so do those who have these jobs in hand."""
    for _ in range(seconds):
        office.rests(sender=sender)
        office.seconds += 1
        with office.database.write() as uow:
            if in_hand:
                office.sender.claim(uow, in_hand)


def receive(office: Office, *found: Receipt) -> None:
    with office.database.write() as uow:
        handlers.receive(RULES, uow, "recorder", list(found), "raw")


def events(office: Office) -> list[str]:
    return [kind.split(".")[1] for kind, _ in office.heard()]
