"""Staging: events become outbox rows in the transaction of the change they tell of."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from shared.base.clock import wall_now
from shared.base.database import UnitOfWork
from shared.base.traces import trace_here
from shared.events import Envelope, Event, exchange_of
from shared.events.envelope import source_of

OUTBOX_SIGNAL = "outbox"


@dataclass(frozen=True)
class Voice:
    """How one service speaks: its name, its exchange, its outbox."""

    service: str
    outbox: sa.Table

    def stage(self, uow: UnitOfWork, events: Iterable[Event]) -> None:
        """Say these events if and only if this unit of work commits, in this order."""
        exchange = exchange_of(self.service)
        self._keep(uow, [self._row(uow, event, exchange, event.type) for event in events])

    def stage_on(self, uow: UnitOfWork, exchange: str, routing_key: str, event: Event) -> None:
        """Say one event on an exchange that is not the service's own, like `alerts`."""
        self._keep(uow, [self._row(uow, event, exchange, routing_key)])

    def _keep(self, uow: UnitOfWork, rows: list[dict[str, Any]]) -> None:
        if rows:
            uow.collect(self._insert, rows)
            uow.signal(OUTBOX_SIGNAL)

    def _row(self, uow: UnitOfWork, event: Event, exchange: str, routing_key: str) -> dict[str, Any]:
        envelope = Envelope(
            id=str(uuid4()),
            source=source_of(self.service),
            type=event.type,
            subject=event.subject,
            time=uow.now,
            sequence=event.sequence,
            data=event.data,
            traceparent=trace_here(),
        )
        return {
            "event_id": envelope.id,
            "exchange": exchange,
            "routing_key": routing_key,
            "body": envelope.to_bytes().decode(),
            "staged_at": wall_now(),
        }

    @cached_property
    def _statement(self) -> sa.Insert:
        return self.outbox.insert()

    def _insert(self, uow: UnitOfWork, rows: list[Any]) -> None:
        uow.connection.execute(self._statement, rows)
