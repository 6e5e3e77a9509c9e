"""All SQL of phone calls."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from services.intake.domain.calls.events import CallEvent, event_from_wire, event_to_wire
from services.intake.domain.calls.record import CallRecord, fold
from services.intake.domain.vocabulary import OPEN
from services.intake.storage.call_tables import calls
from services.intake.storage.tables import cases
from shared.base.paging import Place
from shared.base.where import stands_behind

LONGEST_CALL: Final = timedelta(days=1)
"""No call is answered later than this after it began; an index finds those of a number by when they began."""

_c: Final = calls.c
_registered: Final = (
    sa.select(cases.c.case_no)
    .where(
        cases.c.first_channel == "phone",
        cases.c.source == _c.source,
        cases.c.external_ref == _c.call_id,
        cases.c.external_ref.is_not(None),
    )
    .scalar_subquery()
    .label("registered")
)
_CALLS: Final = sa.select(calls, _registered)
_ONE: Final = _CALLS.where(_c.source == sa.bindparam("its_source"), _c.call_id == sa.bindparam("its_call_id"))
_REGISTERED: Final = sa.select(cases.c.case_no).where(
    cases.c.first_channel == "phone",
    cases.c.source == sa.bindparam("its_source"),
    cases.c.external_ref == sa.bindparam("its_call_id"),
    cases.c.external_ref.is_not(None),
)
_THESE: Final = _CALLS.where(
    _c.source == sa.bindparam("its_source"), _c.call_id.in_(sa.bindparam("call_ids", expanding=True))
)
_INSERT: Final = calls.insert()
_UPDATE: Final = calls.update().where(_c.id == sa.bindparam("the_id"))
# One transaction at a time changes a call, and one decides about the callbacks of a number: calls are locked before
# they are there, so the locks lie beside the rows. SQLite has but one writer anyway.
_LOCK: Final = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, :kind))")
_CALL, _NUMBER = 1, 2
_LAST_OF: Final = (
    _CALLS.where(_c.number.in_(sa.bindparam("numbers", expanding=True)))
    .order_by(_c.first_at.desc(), _c.id.desc())
    .limit(sa.bindparam("most"))
)
_OPEN_CALLBACKS: Final = (
    sa.select(_c.callback_case_no)
    .join(cases, cases.c.case_no == _c.callback_case_no)
    .where(_c.number == sa.bindparam("its_number"), _c.callback_case_no.is_not(None), cases.c.state.in_(OPEN))
    .group_by(_c.callback_case_no)
    .order_by(sa.func.min(_c.id))
)
_MEMBERS: Final = _CALLS.where(_c.callback_case_no == sa.bindparam("its_case_no")).order_by(_c.first_at, _c.id)
_SERVED: Final = (
    _CALLS.where(
        _c.number == sa.bindparam("its_number"),
        _c.spoke_at >= sa.bindparam("since"),
        _c.first_at >= sa.bindparam("begun"),
    )
    .order_by(_c.spoke_at, _c.id)
    .limit(1)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as it is kept."""

    id: int
    source: str
    call_id: str
    version: int
    events: Sequence[CallEvent]
    record: CallRecord
    """What its events make of it."""
    callback: str | None = None
    callback_case_no: str | None = None
    said_missed: bool = False
    registered: str | None = None
    """The case that was registered with this call's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which calls; None leaves an attribute open."""

    limit: int
    number: str | None = None
    state: str | None = None
    direction: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    without_case: bool = False
    after: Place | None = None
    newest: bool = False


class CallFile:
    """The calls, as seen on one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def find(self, source: str, call_id: str) -> Call | None:
        """The call of this id."""
        row = self._connection.execute(_ONE, _named(source, call_id)).mappings().one_or_none()
        return None if row is None else _call_of(row)

    def find_to_change(self, source: str, call_id: str) -> Call | None:
        """The same, also while it is not there: others who want to change it wait until this transaction ends."""
        self.lock_calls([(source, call_id)])
        return self.find(source, call_id)

    def keep(self, source: str, call_id: str, before: Call | None, events: Sequence[CallEvent]) -> Call:
        """Keep what is known of a call now, as it then is; it was found to be changed."""
        row = {"version": 1 if before is None else before.version + 1, **_columns(fold(events), events)}
        if before is not None:
            self._connection.execute(_UPDATE, {"the_id": before.id, **row})
        else:
            self._connection.execute(_INSERT, row | {"source": source, "call_id": call_id, "said_missed": False})
        return self.again(source, call_id)

    def again(self, source: str, call_id: str) -> Call:
        """A call that is there, as it is now."""
        return _call_of(self._connection.execute(_ONE, _named(source, call_id)).mappings().one())

    def mark(self, call: Call, callback: str | None, case_no: str | None) -> None:
        """Keep what became of a missed call."""
        row = {"the_id": call.id, "callback": callback, "callback_case_no": case_no}
        self._connection.execute(_UPDATE, row)

    def mark_said(self, call: Call) -> None:
        """Keep that it was said that it was missed."""
        self._connection.execute(_UPDATE, {"the_id": call.id, "said_missed": True})

    def lock_calls(self, ids: Iterable[tuple[str, str]]) -> None:
        """Whoever else wants to change one of these calls waits until this transaction ends."""
        for source, call_id in sorted(ids):
            self._lock(_CALL, f"{call_id} {source}")

    def lock_numbers(self, numbers: Iterable[str]) -> None:
        """Whoever else decides about callbacks of these numbers waits until this transaction ends."""
        for number in sorted(numbers):
            self._lock(_NUMBER, number)

    def open_callbacks(self, number: str) -> Sequence[str]:
        """The open cases that wait for this number to be called back, oldest first."""
        return self._connection.scalars(_OPEN_CALLBACKS, {"its_number": number}).all()

    def members(self, case_no: str) -> list[Call]:
        """The missed calls that a callback case stands for, oldest first."""
        return self._many(_MEMBERS, its_case_no=case_no)

    def served_since(self, number: str, since: datetime) -> Call | None:
        """The first call on which somebody of ours and this number spoke from that instant on."""
        found = self._many(_SERVED, its_number=number, since=since, begun=since - LONGEST_CALL)
        return found[0] if found else None

    def last_of(self, numbers: Sequence[str], most: int) -> list[Call]:
        """The last calls of these numbers, newest first."""
        return self._many(_LAST_OF, numbers=list(numbers), most=most) if numbers else []

    def these(self, ids: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Call]:
        """Those of these calls that are there, each by its source and its id; one query for each source."""
        by_source: dict[str, list[str]] = {}
        for source, call_id in ids:
            by_source.setdefault(source, []).append(call_id)
        found = [self._many(_THESE, its_source=each, call_ids=those) for each, those in by_source.items()]
        return {(call.source, call.call_id): call for calls_of_source in found for call in calls_of_source}

    def is_registered(self, source: str, call_id: str) -> bool:
        """Whether a case was registered with this call's id, also where nothing was heard of the call."""
        return self._connection.scalar(_REGISTERED, _named(source, call_id)) is not None

    def page(self, wanted: Wanted) -> list[Call]:
        """One call more than `limit`, if there are: oldest first, and stable while new ones come in."""
        place = (_c.first_at, _c.id)
        order = [column.desc() for column in place] if wanted.newest else place
        query = _CALLS.where(*_conditions(wanted)).order_by(*order).limit(wanted.limit + 1)
        return [_call_of(row) for row in self._connection.execute(query).mappings()]

    def _lock(self, kind: int, name: str) -> None:
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(_LOCK, {"kind": kind, "name": name})

    def _many(self, query: sa.Select[Any], **named: Any) -> list[Call]:
        return [_call_of(row) for row in self._connection.execute(query, named).mappings()]


def _named(source: str, call_id: str) -> dict[str, str]:
    return {"its_source": source, "its_call_id": call_id}


def _columns(record: CallRecord, events: Sequence[CallEvent]) -> dict[str, Any]:
    """What of a record is looked for."""
    return {
        "direction": record.direction,
        "sent_from": record.sent_from,
        "sent_to": record.sent_to,
        "number": record.number,
        "state": record.state,
        "first_at": record.first_at,
        "spoke_at": record.spoke_at,
        "events": [event_to_wire(event) for event in events],
    }


def _call_of(row: Any) -> Call:
    same = ("id", "source", "call_id", "version", "callback", "callback_case_no", "said_missed", "registered")
    events = tuple(event_from_wire(event) for event in row["events"])
    return Call(events=events, record=fold(events), **{name: row[name] for name in same})


def _conditions(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    equal = ("number", "state", "direction")
    found = [_c[name] == getattr(wanted, name) for name in equal if getattr(wanted, name) is not None]
    if wanted.since is not None:
        found.append(_c.first_at >= wanted.since)
    if wanted.before is not None:
        found.append(_c.first_at < wanted.before)
    if wanted.without_case:
        found += [_registered.element.is_(None), _c.callback_case_no.is_(None)]
    if wanted.after is not None:
        found.append(stands_behind(_c.first_at, _c.id, wanted.after, newest=wanted.newest))
    return found
