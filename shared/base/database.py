"""A service's own database: SQLite by default, PostgreSQL in production; reads, and units of work.

A unit of work is one transaction: what a handler stores and the events it stages commit together or not at all.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from shared.base.clock import Clock
from shared.base.engines import create_engine, savepoint, transaction, translated_errors, writing

Sink = Callable[["UnitOfWork", list[Any]], None]
Listener = Callable[[Sequence[Any]], None]


class UnitOfWork:
    """One transaction, open for writing.

    `connection` speaks SQL; `now` is the suite's instant at its begin, the `time` of every event it says.
    """

    def __init__(self, connection: sa.Connection, now: datetime) -> None:
        self.connection = connection
        self.now = now
        self.signals: set[str] = set()
        self.told: dict[str, list[Any]] = {}
        self.when_taken: Callable[[], None] = _nobody_waits
        self._collected: dict[Sink, list[Any]] = {}

    def collect(self, sink: Sink, items: Sequence[Any]) -> None:
        """Keep items for one statement just before the commit: `sink(uow, items)`."""
        self._collected.setdefault(sink, []).extend(items)

    def collected(self, sink: Sink) -> Sequence[Any]:
        """What waits for this sink: not written yet, so no query sees it."""
        return self._collected.get(sink, ())

    def taken(self) -> None:
        """Tell that what this is about is locked: who works beside it may take what comes next."""
        self.when_taken()

    def signal(self, name: str) -> None:
        """Wake whoever waits for `name` in this process, after the commit."""
        self.signals.add(name)

    def tell(self, name: str, what: Any) -> None:
        """Hand this to whoever listens for `name` in this process, after the commit."""
        self.told.setdefault(name, []).append(what)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """All or nothing of what happens inside, collected items and what is told too."""
        kept: list[dict[Any, list[Any]]] = [self._collected, self.told]
        marks = [{key: len(items) for key, items in each.items()} for each in kept]
        try:
            with savepoint(self.connection):
                yield
        except BaseException:
            for each, mark in zip(kept, marks, strict=True):
                for key, items in each.items():
                    del items[mark.get(key, 0) :]
            raise

    def flush(self) -> None:
        """Hand the collected items to their sinks, also what these collect in their turn."""
        while self._collected:
            collected, self._collected = self._collected, {}
            for sink, items in collected.items():
                if items:
                    sink(self, items)


def _nobody_waits() -> None:
    """Nobody works beside it."""


class Database:
    """One service's database, seen from one process."""

    def __init__(self, url: str, *, service: str, clock: Clock) -> None:
        self.service = service
        self.clock = clock
        self.engine = create_engine(url, service)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._signals: defaultdict[str, threading.Event] = defaultdict(threading.Event)
        self._listeners: dict[str, Listener] = {}
        # SQLite has one writer: waiting here lets the hub go on, waiting in SQLite would stop the whole process.
        self._writing = threading.Semaphore(1 if self.is_sqlite else 1_000_000)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection that sees one consistent state; raises Unavailable when the database is away."""
        with translated_errors(), self.engine.connect() as connection, transaction(connection):
            yield connection

    @contextmanager
    def write(self, *, lasting: bool = True) -> Iterator[UnitOfWork]:
        """One unit of work; commits at the end, rolls back on any error; Unavailable when the database is away.

        What is not `lasting` does not wait for the disk of SQLite, and may be lost with the machine's power.
        """
        with (
            translated_errors(),
            self._writing,
            self.engine.connect() as connection,
            writing(connection, lasting=lasting),
        ):
            uow = UnitOfWork(connection, self.clock.now())
            yield uow
            uow.flush()
        self._committed(uow)

    def _committed(self, uow: UnitOfWork) -> None:
        """What follows a commit: waiters wake, listeners hear what they were told."""
        for name in uow.signals:
            self._signals[name].set()
        for name, told in uow.told.items():
            if told and name in self._listeners:
                self._listeners[name](told)

    def listen(self, name: str, listener: Listener) -> None:
        """Hand over what units of work tell `name`, after each commit; it must not raise."""
        self._listeners[name] = listener

    def woken_by(self, name: str) -> threading.Event:
        """The flag that a commit with this signal sets; its waiter clears it."""
        return self._signals[name]

    def ping(self) -> None:
        """Answer, or raise Unavailable."""
        with self.read() as connection:
            connection.execute(sa.text("SELECT 1"))

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()
