"""Due timers fire: warnings and breaches, in order of time, each once (SL-5, SL-7)."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import sqlalchemy as sa

from services.sla.handlers.cases import VOICE
from services.sla.handlers.rules import LiveRules, Rules
from services.sla.handlers.saying import said
from services.sla.storage import fired, timers
from shared.base.database import UnitOfWork
from shared.outbox.firing import Due

BATCH = 500


def next_due(connection: sa.Connection) -> datetime | None:
    """The instant of the earliest timer that is set."""
    return timers.next_due(connection)


def fire_due(rules: Rules, uow: UnitOfWork, limit: int = BATCH) -> int:
    """Fire the earliest due timers, at most `limit`; how many fired. Replicas share them, none waits for another."""
    due = timers.claim_due(uow.connection, uow.now, limit)
    uow.taken()
    return _fire(rules, uow, due)


def due_timers(live: LiveRules) -> Due:
    """How timers fire: together, or when that fails each alone."""
    return Due(
        fire=lambda uow: fire_due(live.seen_by(uow.connection), uow),
        keys=partial(timers.due_keys, limit=BATCH),
        fire_one=lambda uow, key: _fire_one(live.seen_by(uow.connection), uow, key),
    )


def _fire_one(rules: Rules, uow: UnitOfWork, key: str) -> int:
    return _fire(rules, uow, timers.claim_one(uow.connection, key, uow.now))


def _fire(rules: Rules, uow: UnitOfWork, due: Sequence[timers.Due]) -> int:
    if due:
        fired.note(uow.connection, due, uow.now)
        VOICE.stage_texts(uow, said(due, rules.calendars, uow.now))
    return len(due)
