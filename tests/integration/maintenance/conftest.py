"""Maintenance's handlers on a real database: every test here runs on SQLite and on PostgreSQL.

The migrations run once for each; a test then gets a copy of the SQLite file, or the emptied tables of PostgreSQL.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.maintenance.storage.tables import metadata
from shared.base.database import Database
from shared.base.migrations import migrate
from shared.testing.clock import ManualClock
from tests.conftest import ADDRESS
from tests.integration.maintenance.workshop import Workshop, at
from tests.support.keeper import ask


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(at("2026-01-05 10:00"))


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("empty") / "maintenance.db"
    migrated(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def one_server(request: pytest.FixtureRequest) -> str:
    return migrated(ask(request.config.stash[ADDRESS], "database"))


def migrated(url: str) -> str:
    database = Database(url, service="maintenance", clock=ManualClock(at("2026-01-05 10:00")))
    migrate(database)
    database.close()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock) -> Iterator[Database]:
    if request.param == "sqlite":
        file = shutil.copy(request.getfixturevalue("empty_file"), tmp_path)
        database = Database(f"sqlite:///{file}", service="maintenance", clock=clock)
    else:
        database = Database(request.getfixturevalue("one_server"), service="maintenance", clock=clock)
        with database.write() as uow:
            tables = ", ".join(metadata.tables)
            uow.connection.execute(sa.text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
    yield database
    database.close()


@pytest.fixture
def workshop(database: Database, clock: ManualClock) -> Workshop:
    return Workshop(database, clock)


@pytest.fixture
def order_no(workshop: Workshop) -> str:
    """An order of routine maintenance, planned for Monday 2 February 2026."""
    workshop.planned_line("2026-01-31")
    workshop.forward("2026-01-20 10:00")
    return "W1-0"
