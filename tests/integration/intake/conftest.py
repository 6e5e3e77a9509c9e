"""Intake's handlers on a real database: every test here runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.base.database import Database
from shared.base.migrations import migrate
from shared.testing.clock import ManualClock
from tests.integration.intake.office import Office

START = datetime(2026, 10, 9, 14, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock) -> Iterator[Database]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'intake.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    database = Database(url, service="intake", clock=clock)
    migrate(database)
    yield database
    database.close()


@pytest.fixture
def office(database: Database, clock: ManualClock) -> Office:
    return Office(database, clock)
