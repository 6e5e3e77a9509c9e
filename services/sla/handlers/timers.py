"""Due timers fire: warnings and breaches, in order of time, each once (SL-5, SL-7)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from services.sla.domain.changes import Change
from services.sla.domain.clock import State
from services.sla.domain.marks import BREACH
from services.sla.domain.record import Record
from services.sla.handlers.cases import VOICE
from services.sla.handlers.rules import Rules
from services.sla.handlers.wire import clock_event
from services.sla.storage import timers
from services.sla.storage.timers import Due
from shared.base.database import UnitOfWork
from shared.events import Event

BATCH = 500


def next_due(connection: sa.Connection) -> datetime | None:
    """The instant of the earliest timer that is set."""
    return timers.next_due(connection)


def fire_due(rules: Rules, uow: UnitOfWork, limit: int = BATCH) -> int:
    """Fire the earliest due timers, at most `limit`; how many fired. Replicas share them, none waits for another."""
    due = timers.claim_due(uow.connection, uow.now, limit)
    if due:
        timers.fire(uow.connection, due, uow.now)
        VOICE.stage(uow, _said(rules, due, uow.now))
    return len(due)


def _said(rules: Rules, due: Sequence[Due], now: datetime) -> Iterator[Event]:
    """The events in order; a clock with several marks due says them one after the other."""
    records: dict[int | None, Record] = {}
    for each in due:
        record = _fired(records.get(each.record.id, each.record), each.fraction, now)
        records[record.id] = record
        change = Change.BREACHED if each.fraction == BREACH else Change.WARNED
        yield clock_event(change, record, each.case, rules.calendars, now)


def _fired(record: Record, fraction: float, now: datetime) -> Record:
    revision = record.revision + 1
    if fraction == BREACH:
        return replace(record, revision=revision, state=State.BREACHED, breached_at=now)
    return replace(record, revision=revision, warned=(*record.warned, fraction))
