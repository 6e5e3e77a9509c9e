"""What the probe does with requests and events: what they say."""

from collections import Counter
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from shared.base.database import UnitOfWork
from shared.events import Envelope, Event
from shared.kernel.errors import Invalid, NotFound, Rejected, Retryable
from shared.outbox import Voice
from shared.outbox.firing import Due, is_free
from tests.support.probe import NAME
from tests.support.probe.storage.tables import effects, messaging, notes, reminders

TRIES: Counter[str] = Counter()
"""How often each event was tried in this process."""


def note(voice: Voice, uow: UnitOfWork, request: dict[str, Any]) -> dict[str, Any]:
    """Keep a note and say its events."""
    uow.connection.execute(notes.insert(), {"key": request["key"], "events": request["events"]})
    said = [
        Event(request["type"], request["key"], number, {"note": request["key"], **request["data"]})
        for number in range(1, request["events"] + 1)
    ]
    voice.stage(uow, said)
    return {"key": request["key"], "events": len(said)}


def echo(uow: UnitOfWork, event: Envelope) -> None:
    """Keep the effect of an event, once it has let itself be handled."""
    TRIES[event.id] += 1
    uow.connection.execute(effects.insert(), _effect(event))
    if event.data.get("do") == "retry once":
        retry_once(uow, event)
    obey(uow, event.data.get("do", ""), TRIES[event.id])


def retry_once(uow: UnitOfWork, event: Envelope) -> None:
    """Fail at the delivery, not at the tries after it; whichever process does them."""
    held = messaging.held
    if uow.connection.scalar(sa.select(held.c.id).where(held.c.event_id == event.id)) is None:
        raise Retryable("not yet")


def obey(uow: UnitOfWork, order: str, tries: int) -> None:
    """Fail as told; `until N` heals at the N-th try: a first delivery is two, with its batch and then alone."""
    what, _, until = order.partition(" until ")
    if until and tries >= int(until):
        return
    if what == "sleep":
        uow.connection.execute(sa.text("SELECT pg_sleep(30)"))
    elif what in FAILURES:
        raise FAILURES[what]


FAILURES: dict[str, Exception] = {
    "reject": Rejected("says 张三 +8613800138000"),
    "refuse": Invalid.field("field", "is wrong"),
    "miss": NotFound("no such thing"),
    "retry": Retryable("not yet"),
    "break": ZeroDivisionError("a mistake in the code"),
    "nul": ValueError("a \x00 and a lone \ud800"),
}


def _effect(event: Envelope) -> dict[str, Any]:
    return {"event_id": event.id, "subject": event.subject, "data": event.data}


def remind(uow: UnitOfWork, instants: list[datetime]) -> dict[str, Any]:
    """Set timers."""
    uow.connection.execute(reminders.insert(), [{"fire_at": instant} for instant in instants])
    uow.signal("timers")
    return {"set": len(instants)}


def next_due(connection: sa.Connection) -> datetime | None:
    """The instant of the earliest timer."""
    found: datetime | None = connection.scalar(sa.select(sa.func.min(reminders.c.fire_at)).where(_WAITS))
    if found is not None and found.year == NOBODYS_FAULT:
        raise ZeroDivisionError("a mistake in the code that looks for timers")
    return found


def due() -> Due:
    """How timers are fired."""
    return Due(fire=lambda uow: _fire(uow, _WAITS), keys=_keys, fire_one=lambda uow, key: _fire(uow, _KEY.in_([key])))


def _keys(connection: sa.Connection, now: datetime) -> list[str]:
    return list(connection.scalars(sa.select(_KEY).where(_WAITS, reminders.c.fire_at <= now)))


def _fire(uow: UnitOfWork, which: sa.ColumnElement[bool]) -> int:
    """Fire a few due timers; one that is broken spoils the whole batch."""
    found = sa.select(reminders.c.id, reminders.c.fire_at).where(which, reminders.c.fired_at.is_(None))
    found = found.where(reminders.c.fire_at <= uow.now).order_by(reminders.c.fire_at).limit(3)
    rows = uow.connection.execute(found).all()
    if any(row.fire_at.year == BROKEN for row in rows):
        raise ZeroDivisionError("a broken timer")
    ids = [row.id for row in rows]
    uow.connection.execute(reminders.update().where(reminders.c.id.in_(ids)).values(fired_at=uow.now))
    return len(ids)


_KEY = sa.cast(reminders.c.id, sa.String)
_WAITS = sa.and_(reminders.c.fired_at.is_(None), is_free(messaging, NAME, _KEY))
BROKEN = 2000
"""A timer of this year cannot be fired."""
NOBODYS_FAULT = 1990
"""A timer of this year spoils the look for what is due."""
