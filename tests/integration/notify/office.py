"""Notify as a test speaks to it: others tell it things, time goes on, a recording provider takes what is sent."""

import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from services.notify import handlers
from services.notify.domain.provider import Accepted, Outgoing, Result
from services.notify.domain.vocabulary import SENT_CHANNELS
from services.notify.gateways.webhook import WebhookGateway
from services.notify.handlers import Rules, Sender, Ways, load_rules
from services.notify.handlers.sending import Job
from services.notify.schemas import Messages
from services.notify.storage.tables import messages, messaging
from shared.base.database import Database, UnitOfWork
from shared.base.people import load_people
from shared.base.schema import load
from shared.events import Envelope
from shared.testing.clock import ManualClock

RULES = load_rules(load_people())
HANDLERS: dict[str, Callable[[Rules, UnitOfWork, Envelope], None]] = {
    "intake": handlers.case_changed,
    "sla": handlers.clock_changed,
    "escalation": handlers.escalation_changed,
    "maintenance": handlers.order_event,
}


@dataclass
class Provider:
    """Takes every message, or answers what a test has prepared for the next ones."""

    name: str = "recorder"
    sent: list[Outgoing] = field(default_factory=list)
    answers: deque[Result] = field(default_factory=deque)
    known: dict[str, Result] = field(default_factory=dict)

    def send(self, message: Outgoing) -> Result:
        self.sent.append(message)
        return self.answers.popleft() if self.answers else Accepted(f"p-{message.reference}")

    def ask(self, reference: str) -> Result | None:
        return self.known.get(reference)


class Office:
    """Notify's handlers on one database under one clock."""

    def __init__(self, database: Database, clock: ManualClock, rules: Rules = RULES) -> None:
        self.database = database
        self.clock = clock
        self.rules = rules
        self.provider = Provider()
        self.seconds = 0.0
        self.sender = self.another_sender()
        self._read = 0

    def another_sender(self) -> Sender:
        """A sender as a new process has it."""
        return Sender(self.rules, dict.fromkeys(SENT_CHANNELS, self.provider), lambda: self.seconds)

    def tell(self, *events: Envelope) -> None:
        """One batch of events."""
        with self.database.write() as uow:
            for event in events:
                HANDLERS[event.source.rpartition("/")[2]](self.rules, uow, event)

    def send_due(self) -> list[Outgoing]:
        """Send all that is due now; what went out."""
        before = len(self.provider.sent)
        jobs: list[Job] = self.claim()
        while jobs:
            self.record(jobs)
            jobs = self.claim()
        return self.provider.sent[before:]

    def claim(self, sender: Sender | None = None) -> list[Job]:
        with self.database.write() as uow:
            return (sender or self.sender).claim(uow, [])

    def record(self, jobs: list[Job], sender: Sender | None = None) -> None:
        chosen = sender or self.sender
        done = [(job, chosen.call(job)) for job in jobs]
        with self.database.write() as uow:
            chosen.record(uow, done)

    def forward(self, **span: float) -> list[Outgoing]:
        """Time goes on, from one due instant to the next; what went out on the way."""
        goal, before = self.clock.now() + timedelta(**span), len(self.provider.sent)
        while (due := self.earliest()) is not None and due <= goal:
            self.clock.move_to(max(due, self.clock.now()))
            self.send_due()
        self.clock.move_to(goal)
        return self.provider.sent[before:]

    def earliest(self) -> Any:
        with self.database.read() as connection:
            return self.sender.earliest(connection)

    def rests(self, in_hand: Sequence[Job] = (), sender: Sender | None = None) -> bool:
        """Whether a turn would do nothing now."""
        now = self.clock.now()
        with self.database.read() as connection:
            due = (sender or self.sender).next_turn(connection, now, in_hand)
        return due is None or due > now

    def rows(self, **which: Any) -> list[dict[str, Any]]:
        """The messages, or those for which this is so."""
        query = sa.select(messages).order_by(messages.c.id)
        for name, value in which.items():
            query = query.where(messages.c[name] == value)
        with self.database.read() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def states(self) -> list[str]:
        return [row["state"] for row in self.rows()]

    def heard(self) -> list[tuple[str, dict[str, Any]]]:
        """What notify said since the last time: type and message."""
        return [(kind, message) for kind, message, _ in self.heard_in_traces()]

    def heard_in_traces(self) -> list[tuple[str, dict[str, Any], str]]:
        """What notify said since the last time: type, message, and the trace that it belongs to."""
        query = sa.select(messaging.outbox).where(messaging.outbox.c.id > self._read).order_by(messaging.outbox.c.id)
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        self._read = max((row.id for row in rows), default=self._read)
        told = [(row.routing_key, json.loads(row.body)) for row in rows]
        return [(kind, body["data"]["message"], body["traceparent"]) for kind, body in told]

    def locks_waited_for(self) -> int:
        """How many wait for each other; PostgreSQL alone tells."""
        with self.database.read() as connection:
            return connection.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")) or 0

    def subscribe(self, pattern: str, channel: str, address: str, **more: str) -> dict[str, Any]:
        """A team subscribes; what its way needs of the world is another test's."""
        request = {"team": "south", "pattern": pattern, "via": {"channel": channel, "address": address}} | more
        ways = Ways("amqp://", WebhookGateway("secret"), "secret")
        with self.database.write() as uow:
            return handlers.subscribe(ways, uow, request)

    def do(self, command: Callable[..., dict[str, Any]], request: dict[str, Any], *rules: Rules) -> dict[str, Any]:
        with self.database.write() as uow:
            return command(*rules, uow, request)

    def messages(self, **asked: Any) -> dict[str, Any]:
        """What `messages` answers, its request read at the border."""
        return self.ask(handlers.find_messages, load(Messages(), asked))

    def ask(self, question: Callable[..., dict[str, Any]], request: dict[str, Any], *rules: Rules) -> dict[str, Any]:
        with self.database.read() as connection:
            return question(*rules, connection, request)
