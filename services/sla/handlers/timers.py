"""Due timers fire: warnings and breaches, in order of time, each once (SL-5, SL-7)."""

from datetime import datetime

import sqlalchemy as sa

from services.sla.handlers.cases import VOICE
from services.sla.handlers.rules import Rules
from services.sla.handlers.saying import said
from services.sla.storage import timers
from shared.base.database import UnitOfWork

BATCH = 500


def next_due(connection: sa.Connection) -> datetime | None:
    """The instant of the earliest timer that is set."""
    return timers.next_due(connection)


def fire_due(rules: Rules, uow: UnitOfWork, limit: int = BATCH) -> int:
    """Fire the earliest due timers, at most `limit`; how many fired. Replicas share them, none waits for another."""
    due = timers.claim_due(uow.connection, uow.now, limit)
    if due:
        timers.fire(uow.connection, due, uow.now)
        VOICE.stage_texts(uow, said(due, rules.calendars, uow.now))
    return len(due)
