"""Databases for unit tests: the same test on both kinds."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.base.database import Database
from shared.testing import ManualClock
from tests.conftest import ADDRESS
from tests.support.keeper import ask

START = datetime(2026, 10, 9, 14, tzinfo=UTC)


@pytest.fixture(scope="module")
def postgres_home(request: pytest.FixtureRequest) -> str:
    """A database for the tests of one module, emptied for each: making one takes longer than most tests."""
    return ask(request.config.stash[ADDRESS], "database")


@pytest.fixture
def postgres_database(postgres_home: str) -> Iterator[Database]:
    """An empty database on PostgreSQL."""
    found = Database(postgres_home, service="intake", clock=ManualClock(START))
    with found.write() as uow:
        uow.connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        uow.connection.execute(sa.text("CREATE SCHEMA public"))
    yield found
    found.close()


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """An empty database on SQLite."""
    found = Database(f"sqlite:///{tmp_path}/test.db", service="intake", clock=ManualClock(START))
    yield found
    found.close()


@pytest.fixture(params=["sqlite_database", "postgres_database"])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database of each kind."""
    found: Database = request.getfixturevalue(request.param)
    return found
