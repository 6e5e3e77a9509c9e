"""Staging: events become outbox rows in the transaction of the change they tell of."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa

from shared.base import bulk
from shared.base.clock import wall_now
from shared.base.database import UnitOfWork
from shared.base.traces import trace_here
from shared.events import Event, exchange_of
from shared.events.envelope import Form, source_of
from shared.kernel.plain_json import encodable, written

OUTBOX_SIGNAL = "outbox"
_IN_TEXTS = ("event_id", "exchange", "routing_key", "body")
"""None holds a control character: names have none, and JSON writes them otherwise (RFC 8259, 7)."""


class Text(NamedTuple):
    """An event whose data are JSON text already: what is said by the thousand is never a dictionary (SL-7)."""

    type: str
    subject: str
    sequence: int
    data: str


@dataclass(frozen=True)
class Voice:
    """How one service speaks: its name, its exchange, its outbox."""

    service: str
    outbox: sa.Table

    def stage(self, uow: UnitOfWork, events: Iterable[Event]) -> None:
        """Say these events if and only if this unit of work commits, in this order."""
        self.stage_texts(uow, [_text(event) for event in events])

    def stage_texts(self, uow: UnitOfWork, texts: Sequence[Text]) -> None:
        """The same for events that are text already."""
        self._keep(uow, texts, exchange_of(self.service))

    def stage_on(self, uow: UnitOfWork, exchange: str, routing_key: str, event: Event) -> None:
        """Say one event on an exchange that is not the service's own, like `alerts`."""
        self._keep(uow, [_text(event)], exchange, routing_key)

    def _keep(self, uow: UnitOfWork, texts: Sequence[Text], exchange: str, routing_key: str = "") -> None:
        if not texts:
            return
        trace, staged_at = trace_here(), wall_now()
        forms = {name: Form(source_of(self.service), name, uow.now, trace) for name in {text.type for text in texts}}
        rows = [
            {
                "event_id": event_id,
                "exchange": exchange,
                "routing_key": routing_key or name,
                "body": encodable(forms[name].body(event_id, subject, sequence, data)),
                "staged_at": staged_at,
            }
            for event_id, (name, subject, sequence, data) in zip(_new_ids(len(texts)), texts, strict=True)
        ]
        uow.collect(self._insert, rows)
        uow.signal(OUTBOX_SIGNAL)

    @cached_property
    def _statement(self) -> sa.Insert:
        return self.outbox.insert()

    def _insert(self, uow: UnitOfWork, rows: list[Any]) -> None:
        if len(rows) == 1 or uow.connection.dialect.name == "sqlite":
            uow.connection.execute(self._statement, rows)
            return
        # One text for each column: a literal for each value costs the driver and the database far more.
        columns = {name: bulk.one_text(row[name] for row in rows) for name in _IN_TEXTS}
        uow.connection.execute(self._at_once, columns | {"staged_at": rows[0]["staged_at"]})

    @cached_property
    def _at_once(self) -> sa.TextClause:
        names = ", ".join(_IN_TEXTS)
        lists = ", ".join(bulk.split_text(name) for name in _IN_TEXTS)
        return sa.text(
            f"INSERT INTO {self.outbox.name} ({names}, staged_at) SELECT {names}, :staged_at "
            f"FROM unnest({lists}) WITH ORDINALITY AS new ({names}, place) ORDER BY place"
        ).bindparams(sa.bindparam("staged_at", type_=self.outbox.c.staged_at.type))


def _text(event: Event) -> Text:
    return Text(event.type, event.subject, event.sequence, written(event.data).text)


def _new_ids(count: int) -> Iterator[str]:
    """Random UUIDs (RFC 9562, version 4) from one look at the source of chance."""
    digits = os.urandom(16 * count).hex()
    for at in range(0, 32 * count, 32):
        one = digits[at : at + 32]
        variant = "89ab"[int(one[16], 16) & 3]
        yield f"{one[:8]}-{one[8:12]}-4{one[13:16]}-{variant}{one[17:20]}-{one[20:]}"
