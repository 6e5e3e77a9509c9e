"""How the two kinds of database are spoken to: limits, isolation, the error that means "away"."""

import math
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from shared.base import long_texts
from shared.kernel.errors import Misconfigured, Unavailable
from shared.kernel.plain_json import written

STATEMENT_SECONDS = 5
CONNECT_SECONDS = 5
POOL_SIZE = 10
RESTED_SECONDS = 1.0
"""A server that comes back was away for longer."""
SQLITE_BUSY_MILLISECONDS = 2000


def create_engine(url: str, service: str) -> sa.Engine:
    """An engine whose every wait has a limit and whose errors never show a parameter."""
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise Misconfigured(
            [f"AFTERCARE_{service.upper()}_DB_URL is no database URL; write sqlite:////path or postgresql+psycopg2://…"]
        ) from None
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.get_backend_name() == "postgresql":
        return _postgresql(parsed, service)
    raise Misconfigured(
        [f"AFTERCARE_{service.upper()}_DB_URL: {parsed.get_backend_name()} is not supported; use SQLite or PostgreSQL"]
    )


def to_json(value: Any) -> str:
    """Compact JSON, text kept readable."""
    return written(value).text


def _sqlite(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        json_serializer=to_json,
        pool_size=POOL_SIZE,
        pool_timeout=CONNECT_SECONDS,
        connect_args={"timeout": SQLITE_BUSY_MILLISECONDS / 1000, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # `transaction` says BEGIN
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


@contextmanager
def transaction(connection: sa.Connection) -> Iterator[None]:
    """One transaction that reads. On SQLite we say BEGIN ourselves: the driver's own comes late.

    No listener does it: an engine with listeners looks for them at every statement.
    """
    with connection.begin():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        yield


@contextmanager
def writing(connection: sa.Connection, *, lasting: bool = True) -> Iterator[None]:
    """One transaction that claims to write from its begin.

    The power may take a commit that is not `lasting`, on SQLite, until the next one that is: then both are on the disk.
    """
    with connection.begin():
        if connection.dialect.name == "sqlite":
            # Each says it anew: a connection that comes back to the pool in whatever way promises nothing.
            connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if lasting else 'NORMAL'}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield


@contextmanager
def savepoint(connection: sa.Connection) -> Iterator[None]:
    """All or nothing of what happens inside, in the midst of a transaction.

    On SQLite we say it ourselves, to the driver: by SQLAlchemy it takes longer than the insert that it is about.
    """
    if connection.dialect.name != "sqlite":
        with connection.begin_nested():
            yield
        return
    driver: Any = connection.connection.driver_connection
    _say(driver, "SAVEPOINT inner")
    try:
        yield
    except BaseException as error:
        if not driver.in_transaction:
            raise DatabaseAway("SQLite gave the whole transaction up") from error
        _say(driver, "ROLLBACK TO inner")
        _say(driver, "RELEASE inner")
        raise
    _say(driver, "RELEASE inner")


def _say(driver: Any, words: str) -> None:
    """What fails here leaves it open what was undone: it is for nobody to go on."""
    try:
        driver.execute(words)
    except sqlite3.Error as error:
        raise DatabaseAway(f"SQLite refused {words}: {error}") from error


def _postgresql(url: sa.URL, service: str) -> sa.Engine:
    long_texts.register()
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg2"),
        hide_parameters=True,
        json_serializer=to_json,
        pool_size=POOL_SIZE,
        max_overflow=5,
        pool_timeout=CONNECT_SECONDS,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": f"aftercare-{service}",
            "client_encoding": long_texts.ENCODING,
            "options": f"-c statement_timeout={STATEMENT_SECONDS * 1000} -c timezone=UTC",
            "keepalives": 1,
            "keepalives_idle": 15,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 30000,
        },
    )
    _ask_who_rested(engine)
    return engine


def _ask_who_rested(engine: sa.Engine) -> None:
    """Have a connection that lay in the pool for a while asked whether it still lives, before it is used again.

    Asking each time, as the pool itself would, is one of the four statements of a short transaction.
    """
    driver, rests_since = engine.dialect.loaded_dbapi, "rests since"

    @event.listens_for(engine.pool, "checkin")
    def _rests(_connection: Any, record: Any) -> None:
        record.info[rests_since] = time.monotonic()

    @event.listens_for(engine.pool, "checkout")
    def _is_asked(connection: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get(rests_since, math.inf) <= RESTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except driver.Error as error:
            raise sa.exc.InvalidatePoolError("the server has gone away meanwhile") from error


class DatabaseAway(Unavailable):
    """The service's own database does not answer, is locked or full."""


class StatementTooSlow(DatabaseAway):
    """The database gave a statement up: it is overloaded, or this one statement is too heavy."""


# Connection lost, resources used up, operator intervention, system error; deadlock, lock not available: all may pass.
_PASSING_STATES = ("08", "40", "53", "55", "57", "58")
_PASSING_SQLITE = ("BUSY", "LOCKED", "FULL", "IOERR", "CANTOPEN", "READONLY", "NOMEM", "PROTOCOL")
_QUERY_CANCELED = "57014"
_LOCKED = (
    f"the SQLite file is locked: another process has been writing to it for {SQLITE_BUSY_MILLISECONDS // 1000} s; "
    "try again, or stop that process"
)


def is_away(error: BaseException) -> bool:
    """Whether the database itself failed, and not the statement that it was given: waiting may mend it."""
    if isinstance(error, sa.exc.TimeoutError):
        return True
    if not isinstance(error, sa.exc.DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        name = str(getattr(error.orig, "sqlite_errorname", ""))
        return name.removeprefix("SQLITE_").startswith(_PASSING_SQLITE)
    state = getattr(error.orig, "pgcode", None)
    if state:
        return str(state).startswith(_PASSING_STATES)
    return error.connection_invalidated or isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError)


def is_too_slow(error: BaseException) -> bool:
    """Whether a statement was given up for its time."""
    return isinstance(error, sa.exc.DBAPIError) and getattr(error.orig, "pgcode", None) == _QUERY_CANCELED


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn "the database is away, busy or full" into DatabaseAway; every other error passes through."""
    try:
        yield
    except sa.exc.SQLAlchemyError as error:
        cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        if getattr(cause, "sqlite_errorname", "") == "SQLITE_NOTADB":
            raise Misconfigured(["the database file is no SQLite database; move it away or name another"]) from error
        if not is_away(error):
            raise
        if str(getattr(cause, "sqlite_errorname", "")).startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise DatabaseAway(_LOCKED) from error
        kind = StatementTooSlow if is_too_slow(error) else DatabaseAway
        said = " ".join(str(cause).split())
        raise kind(f"the database does not answer: {type(cause).__name__}: {said}") from error
