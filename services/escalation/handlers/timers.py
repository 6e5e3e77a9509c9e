"""The time goes on: walks are looked at when they have to be, each step reached once (ES-3)."""

from datetime import datetime
from functools import partial

import sqlalchemy as sa

from services.escalation.domain.advance import advance
from services.escalation.domain.dossier import Dossier
from services.escalation.handlers.keeping import keep, note_cause
from services.escalation.handlers.rules import Rules
from services.escalation.storage import dossiers
from shared.base.database import UnitOfWork
from shared.base.traces import going_on, new_trace
from shared.outbox.firing import Due

BATCH = 200


def next_due(connection: sa.Connection) -> datetime | None:
    """The instant at which the next walk has to be looked at."""
    return dossiers.next_due(connection)


def fire_due(rules: Rules, uow: UnitOfWork, limit: int = BATCH) -> int:
    """Look at the walks whose time has come, at most `limit`; how many. Replicas share them, none waits for another."""
    return _advance_all(rules, uow, dossiers.claim_due(uow.connection, uow.now, limit))


def timers(rules: Rules) -> Due:
    """How walks are looked at: together, or when that fails each matter alone."""
    return Due(
        fire=partial(fire_due, rules),
        keys=partial(dossiers.due, limit=BATCH),
        fire_one=lambda uow, subject: _advance_all(rules, uow, [subject]),
    )


def _advance_all(rules: Rules, uow: UnitOfWork, subjects: list[str]) -> int:
    found = dossiers.lock(uow.connection, subjects) if subjects else []
    fired = sum(_advance(dossier, rules, uow.now) for dossier in found)
    keep(uow, found)
    return fired


def _advance(dossier: Dossier, rules: Rules, now: datetime) -> int:
    due = [walk for walk in dossier.open_walks() if walk.next_at is not None and walk.next_at <= now]
    organisation = dossier.organisation(rules)
    for walk in due:
        dossier.take(advance(walk, rules.policy.ladder(walk.ladder), organisation, now))
    with going_on(new_trace()):  # the timers of other matters are none of its business
        note_cause(dossier)
    return len(due)
