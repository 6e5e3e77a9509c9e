"""Escalation as a test speaks to it: events are told, time goes on, what was said is read from the outbox."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.escalation import handlers, schemas
from services.escalation.handlers import Rules, rules_of
from services.escalation.storage.policy_files import load_policy
from services.escalation.storage.tables import messaging
from shared.base.database import Database
from shared.base.people import load_people
from shared.base.schema import load
from shared.events import CATALOGUE, Envelope
from shared.outbox.inbox import Inbox
from shared.testing.clock import ManualClock
from tests.unit.escalation.cases import at

RULES = rules_of(load_policy(), load_people())
HEARERS: dict[str, Callable[..., None]] = {
    "case": handlers.case_changed,
    "clock": handlers.clock_changed,
    "order": handlers.order_changed,
}


@dataclass(frozen=True)
class Heard:
    """An event of the outbox."""

    type: str
    key: str
    exchange: str
    sequence: int
    data: dict[str, Any]

    @property
    def people(self) -> list[str]:
        """Whom a step asks."""
        return [target["person"] for target in self.data["step"]["targets"]]

    @property
    def short(self) -> tuple[Any, ...]:
        """The event in a few words."""
        if self.type == "alert.raised.v1":
            return ("alert", self.key if self.exchange == "alerts" else self.data["alert"]["kind"])
        what = self.type.split(".")[1]
        if what == "raised":
            return what, self.data["escalation"]["ladder"], self.data["trigger"]["rule"]
        if what == "step_reached":
            return what, self.data["step"]["level"], *self.people
        return what, self.data["by"]


@dataclass
class Desk:
    """Escalation's handlers on one database under one clock."""

    database: Database
    clock: ManualClock
    rules: Rules = RULES
    _read: int = field(default=0)

    def tell(self, *events: Envelope) -> list[Heard]:
        """Events in one batch, the clock at the last of them or later; what is said to that."""
        self.move(max(event.time for event in events))
        for kind in ("case", "clock", "order"):
            batch = [event for event in events if event.type.startswith(f"{kind}.")]
            if batch:
                Inbox(self.database, messaging).apply(f"escalation.{kind}s", batch, self._hearer(kind))
        return self.heard()

    def _hearer(self, kind: str) -> Callable[..., None]:
        return lambda uow, event: HEARERS[kind](self.rules, uow, event)

    def move(self, instant: datetime) -> None:
        """Let the time go on, if it has not."""
        if instant > self.clock.now():
            self.clock.move_to(instant)

    def wait(self, until: str, limit: int = 100) -> list[Heard]:
        """Every timer on the way to an instant fires in its turn; what is said."""
        goal = at(until)
        while (due := self.next_due()) is not None and due <= goal:
            self.move(due)
            assert self.fire(limit)
        self.move(goal)
        return self.heard()

    def next_due(self) -> datetime | None:
        """When the next timer fires."""
        with self.database.read() as connection:
            return handlers.next_due(connection)

    def fire(self, limit: int = 100) -> int:
        """One batch of what is due by now."""
        with self.database.write() as uow:
            return handlers.fire_due(self.rules, uow, limit)

    def heard(self) -> list[Heard]:
        """What was said since the last time."""
        query = sa.select(messaging.outbox).where(messaging.outbox.c.id > self._read).order_by(messaging.outbox.c.id)
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        self._read = max((row.id for row in rows), default=self._read)
        return [_heard(row) for row in rows]

    def do(self, method: str, **request: Any) -> dict[str, Any]:
        """A command, as its entrypoint runs it."""
        command = handlers.open_ if method == "open" else getattr(handlers, method)
        schema = {
            "acknowledge": schemas.Acknowledge,
            "hand_on": schemas.HandOn,
            "resolve": schemas.Resolve,
            "open": schemas.Open,
            "form_team": schemas.FormTeam,
        }[method]
        with self.database.write() as uow:
            answer: dict[str, Any] = command(self.rules, uow, load(schema(), request))
        return answer

    def story(self, **request: Any) -> dict[str, Any]:
        """The story of a case or an order."""
        with self.database.read() as connection:
            return handlers.story(self.rules, connection, load(schemas.Story(), request))

    def query(self, sql: str) -> list[Any]:
        """Look into the database."""
        with self.database.read() as connection:
            return [tuple(row) for row in connection.execute(sa.text(sql))]


def _heard(row: Any) -> Heard:
    body = json.loads(row.body)
    assert CATALOGUE[body["type"]].schema().validate(body["data"]) == {}, body
    return Heard(body["type"], row.routing_key, row.exchange, int(body["sequence"]), body["data"])


def shorts(heard: list[Heard]) -> list[tuple[Any, ...]]:
    """Events in a few words; of an alert its topic alone."""
    return [each.short for each in heard if each.type != "alert.raised.v1" or each.exchange == "alerts"]
