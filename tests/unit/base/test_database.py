"""The unit of work: all or nothing, on both kinds of database."""

import contextlib
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from shared.base import engines
from shared.base.columns import BigId, Instant, Json
from shared.base.database import Database, UnitOfWork
from shared.base.engines import DatabaseAway, StatementTooSlow
from shared.kernel.errors import Invalid, Misconfigured
from shared.testing import ManualClock

metadata = sa.MetaData()
things = sa.Table(
    "things",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("name", sa.String(20), unique=True),
    sa.Column("at", Instant),
    sa.Column("more", Json),
)
START = datetime(2026, 10, 9, 14, tzinfo=UTC)


@pytest.fixture
def database(database: Database) -> Database:
    """With the tables of these tests."""
    with database.write() as uow:
        metadata.create_all(uow.connection)
    return database


def names(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.scalars(sa.select(things.c.name)))


def insert(uow: UnitOfWork, rows: list[Any]) -> None:
    uow.connection.execute(things.insert(), [{"name": name} for name in rows])


@pytest.mark.parametrize(("lasting", "level"), [(True, 2), (False, 1)])
def test_only_what_must_last_waits_for_the_disk_of_sqlite(tmp_path: Path, *, lasting: bool, level: int) -> None:
    database = Database(f"sqlite:///{tmp_path}/lasting.db", service="probe", clock=ManualClock(START))
    for wanted, expected in ((lasting, level), (True, 2)):
        with database.write(lasting=wanted) as uow:
            assert uow.connection.exec_driver_sql("PRAGMA synchronous").scalar() == expected
    database.close()


def test_what_is_told_is_heard_after_the_commit_alone(database: Database) -> None:
    heard: list[Any] = []
    database.listen("thing", lambda told: heard.extend([*told, len(names(database))]))
    with database.write() as uow:
        uow.tell("thing", "a")
        uow.tell("nobody listens", "x")
        with contextlib.suppress(ZeroDivisionError), uow.savepoint():
            uow.tell("thing", "b")
            raise ZeroDivisionError
        insert(uow, ["a"])
        assert heard == []
    with contextlib.suppress(ZeroDivisionError), database.write() as uow:
        uow.tell("thing", "c")
        raise ZeroDivisionError
    assert heard == ["a", 1]


def test_what_is_collected_is_written_in_one_statement_at_the_end(database: Database) -> None:
    with database.write() as uow:
        uow.collect(insert, ["a"])
        uow.collect(insert, ["b"])
        assert uow.connection.scalar(sa.select(sa.func.count()).select_from(things)) == 0
    assert names(database) == {"a", "b"}


def test_a_savepoint_takes_back_rows_and_collected_items(database: Database) -> None:
    with database.write() as uow:
        uow.collect(insert, ["kept"])
        with contextlib.suppress(ValueError), uow.savepoint():
            insert(uow, ["row"])
            uow.collect(insert, ["collected"])
            uow.collect(lambda _uow, _items: pytest.fail("never"), ["other sink"])
            raise ValueError
        with uow.savepoint():
            uow.collect(insert, ["after"])
    assert names(database) == {"kept", "after"}


def test_savepoints_nest(database: Database) -> None:
    with database.write() as uow, uow.savepoint():
        uow.collect(insert, ["outer"])
        with contextlib.suppress(KeyError), uow.savepoint():
            uow.collect(insert, ["inner"])
            raise KeyError
    assert names(database) == {"outer"}


def test_an_error_leaves_nothing_and_wakes_nobody(database: Database) -> None:
    woken = database.woken_by("bell")
    with contextlib.suppress(ValueError), database.write() as uow:
        insert(uow, ["a"])
        uow.collect(insert, ["b"])
        uow.signal("bell")
        raise ValueError
    assert names(database) == set()
    assert not woken.is_set()


def test_who_waits_is_woken_after_the_commit(database: Database) -> None:
    woken = database.woken_by("bell")
    with database.write() as uow:
        uow.signal("bell")
        assert not woken.is_set()
    assert woken.is_set()


def test_instants_keep_their_moment_and_the_naive_are_refused(database: Database) -> None:
    far_east = datetime.fromisoformat("2026-10-09T22:00:00.123456+08:00")
    with database.write() as uow:
        uow.connection.execute(things.insert(), {"name": "a", "at": far_east})
    with database.read() as connection:
        found = connection.scalar(sa.select(things.c.at))
        assert found == far_east
        assert found.tzinfo is UTC
    with pytest.raises((Invalid, sa.exc.StatementError)), database.write() as uow:
        uow.connection.execute(things.insert(), {"name": "b", "at": START.replace(tzinfo=None)})


def test_errors_never_show_a_parameter(database: Database) -> None:
    with database.write() as uow:
        insert(uow, ["secret"])
    with pytest.raises(sa.exc.IntegrityError) as refused, database.write() as uow:
        uow.connection.execute(things.insert(), {"name": "secret", "more": {"phone": "13800138000"}})
    assert "13800138000" not in str(refused.value)


def test_wrong_sql_is_our_mistake_and_not_an_absence(database: Database) -> None:
    with pytest.raises(sa.exc.SQLAlchemyError) as refused, database.read() as connection:
        connection.execute(sa.text("SELECT nonsense FROM nowhere"))
    assert not isinstance(refused.value, DatabaseAway)


def test_threads_write_one_after_the_other(database: Database) -> None:
    def write(number: int) -> None:
        with database.write() as uow:
            insert(uow, [f"thread {number}"])

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names(database)) == 8


def test_a_locked_sqlite_file_is_away_within_the_limit(tmp_path: Any) -> None:
    path = tmp_path / "locked.db"
    database = Database(f"sqlite:///{path}", service="intake", clock=ManualClock(START))
    with database.write() as uow:
        metadata.create_all(uow.connection)
    holder = sa.create_engine(f"sqlite:///{path}").connect()
    holder.exec_driver_sql("BEGIN IMMEDIATE")
    with (
        pytest.raises(DatabaseAway, match="is locked: another process has been writing to it for 2 s; try again"),
        database.write(),
    ):
        pytest.fail("never gets the lock")
    database.ping()
    holder.close()
    with database.write() as uow:
        insert(uow, ["a"])
    database.close()
    holder.engine.dispose()


def test_a_file_that_is_no_database_is_told_with_the_remedy(tmp_path: Any) -> None:
    (tmp_path / "no.db").write_text("hello, I am a text file that somebody put here by mistake. " * 20)
    database = Database(f"sqlite:///{tmp_path}/no.db", service="intake", clock=ManualClock(START))
    with pytest.raises(Misconfigured, match="move it away"):
        database.ping()


@pytest.mark.parametrize("url", ["mysql://h/d", "nonsense", ""])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(Misconfigured, match="AFTERCARE_INTAKE_DB_URL"):
        Database(url, service="intake", clock=ManualClock(START))


def test_postgresql_out_of_reach_is_away() -> None:
    database = Database("postgresql://u:p@127.0.0.1:1/d", service="intake", clock=ManualClock(START))
    with pytest.raises(DatabaseAway) as away:
        database.ping()
    assert "\n" not in str(away.value)


def test_a_postgresql_that_ended_our_session_is_away_and_found_again(postgres_url: str) -> None:
    database = Database(postgres_url, service="intake", clock=ManualClock(START))
    other = Database(postgres_url, service="sla", clock=ManualClock(START))
    with pytest.raises(DatabaseAway):
        lose_the_session(database, other)
    database.ping()
    database.close()
    other.close()


def lose_the_session(database: Database, other: Database) -> None:
    with database.write() as uow:
        end_session(other, session_of(uow))
        uow.connection.execute(sa.text("SELECT 1"))


def session_of(uow: UnitOfWork) -> int:
    return int(uow.connection.scalar(sa.text("SELECT pg_backend_pid()")) or 0)


def end_session(other: Database, pid: int) -> None:
    with other.write() as elsewhere:
        elsewhere.connection.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


@pytest.mark.parametrize(("rested", "is_found_out"), [(0.0, True), (3600.0, False)])
def test_a_session_that_ended_in_the_pool_is_found_out_where_it_rested(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, rested: float, *, is_found_out: bool
) -> None:
    monkeypatch.setattr(engines, "RESTED_SECONDS", rested)
    database = Database(postgres_url, service="intake", clock=ManualClock(START))
    other = Database(postgres_url, service="sla", clock=ManualClock(START))
    with database.write() as uow:
        pid = session_of(uow)
    end_session(other, pid)
    with contextlib.nullcontext() if is_found_out else pytest.raises(DatabaseAway):
        database.ping()
    with database.write() as uow:
        assert session_of(uow) != pid
    database.close()
    other.close()


def test_a_statement_that_postgresql_gives_up_is_too_slow(postgres_url: str) -> None:
    database = Database(postgres_url, service="intake", clock=ManualClock(START))
    with pytest.raises(StatementTooSlow), database.read() as connection:
        connection.execute(sa.text("SELECT set_config('statement_timeout', '50', true); SELECT pg_sleep(5)"))
    database.close()
