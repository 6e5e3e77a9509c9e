"""A service's messaging on both kinds of database, with one table of its own for effects."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from shared.base.columns import BigId
from shared.base.database import Database, UnitOfWork
from shared.events import Envelope, Event
from shared.outbox import Answers, Held, Inbox, Voice
from shared.outbox.tables import declare
from tests.unit.conftest import START

metadata = sa.MetaData()
tables = declare(metadata)
effects = sa.Table(
    "effects",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("event_id", sa.String(200), nullable=False),
    sa.Column("short", sa.String(5)),
)


@dataclass
class Desk:
    """What the tests work with."""

    database: Database
    voice: Voice = field(init=False)
    inbox: Inbox = field(init=False)
    held: Held = field(init=False)
    answers: Answers = field(init=False)

    def __post_init__(self) -> None:
        self.voice = Voice("intake", tables.outbox)
        self.inbox = Inbox(self.database, tables)
        self.held = Held(self.database, tables)
        self.answers = Answers(self.database, tables.answers)

    def echo(self, uow: UnitOfWork, event: Envelope) -> None:
        """A handler with an effect and an event of its own."""
        uow.connection.execute(effects.insert(), {"event_id": event.id})
        self.voice.stage(uow, [Event("call.missed.v1", event.id, 1, {})])

    def failing(self, trouble: dict[str, Exception]) -> Callable[[UnitOfWork, Envelope], None]:
        """The same handler, that then raises what is said for an event's id."""

        def handle(uow: UnitOfWork, event: Envelope) -> None:
            self.echo(uow, event)
            if event.id in trouble:
                raise trouble[event.id]

        return handle

    def effects(self) -> list[str]:
        """The events that had their effect, in the order of their commits."""
        with self.database.read() as connection:
            return list(connection.scalars(sa.select(effects.c.event_id).order_by(effects.c.id)))

    def rows(self, table: sa.Table) -> list[Any]:
        """Every row."""
        with self.database.read() as connection:
            return list(connection.execute(sa.select(table).order_by(*table.primary_key.columns)))

    def change(self, statement: Any) -> None:
        """Commit one statement."""
        with self.database.write() as uow:
            uow.connection.execute(statement)


@pytest.fixture
def desk(database: Database) -> Desk:
    """Messaging on an empty database."""
    return desk_in(database)


@pytest.fixture
def postgres_desk(postgres_database: Database) -> Desk:
    """Messaging on PostgreSQL, for what SQLite cannot show."""
    return desk_in(postgres_database)


def desk_in(database: Database) -> Desk:
    """Make the tables."""
    with database.write() as uow:
        metadata.create_all(uow.connection)
    return Desk(database)


def event(event_id: str = "", subject: str = "case", **changes: Any) -> Envelope:
    """An event as it comes from outside."""
    return Envelope(
        id=event_id or str(uuid4()),
        source="/aftercare/sla",
        type="clock.started.v1",
        subject=subject,
        time=START,
        sequence=1,
        data=changes,
    )
