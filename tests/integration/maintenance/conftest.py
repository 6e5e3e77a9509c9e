"""Maintenance's handlers on a real database: every test here runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.base.database import Database
from shared.base.migrations import migrate
from shared.testing.clock import ManualClock
from tests.integration.maintenance.workshop import Workshop, at


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(at("2026-01-05 10:00"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock) -> Iterator[Database]:
    on_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'maintenance.db'}" if on_sqlite else request.getfixturevalue("postgres_url")
    database = Database(url, service="maintenance", clock=clock)
    migrate(database)
    yield database
    database.close()


@pytest.fixture
def workshop(database: Database, clock: ManualClock) -> Workshop:
    return Workshop(database, clock)
