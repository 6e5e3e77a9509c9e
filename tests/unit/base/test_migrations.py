"""Migrations: one process at a time, nothing kept from the next one."""

import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.base.database import Database
from shared.base.migrations import check, current, migrate, newest, version_table
from shared.kernel.errors import Misconfigured
from shared.testing import ManualClock
from tests.unit.conftest import START

SERVICE = "escalation"


def database_at(url: str) -> Database:
    return Database(url, service=SERVICE, clock=ManualClock(START))


@pytest.mark.parametrize("version", ["9999", "0000", "b41f00d5"])
def test_a_version_that_the_code_does_not_know_is_refused_with_the_remedy(database: Database, version: str) -> None:
    database.service = SERVICE
    migrate(database)
    with database.write() as uow:
        uow.connection.execute(sa.text(f"UPDATE {version_table(SERVICE)} SET version_num = '{version}'"))
    with pytest.raises(Misconfigured, match="install the newer release"):
        check(database)


def test_a_service_without_scripts_is_told(tmp_path: Path, database: Database) -> None:
    with pytest.raises(Misconfigured, match="no migration scripts"):
        migrate(database, tmp_path)


def test_replicas_that_start_at_once_migrate_once_and_keep_no_lock(postgres_url: str) -> None:
    replicas = [database_at(postgres_url) for _ in range(3)]
    outcomes: list[object] = []

    def bring_up(replica: Database) -> None:
        try:
            outcomes.append(migrate(replica))
        except Exception as error:
            outcomes.append(error)
            raise

    threads = [threading.Thread(target=bring_up, args=(replica,)) for replica in replicas]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(outcome, bool) for outcome in outcomes), outcomes
    assert current(replicas[0]) == newest(SERVICE)
    with replicas[0].read() as connection:
        # The view shows the locks of all databases of the server, also those that other tests hold in theirs.
        here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        held = sa.text(f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND {here}")
        assert connection.scalar(held) == 0
        assert connection.scalar(sa.text("SHOW statement_timeout")) == "5s"
    for replica in replicas:
        replica.close()
