"""SLA's handlers on a real database: every test here runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.base.database import Database
from shared.base.migrations import migrate
from shared.testing.clock import ManualClock
from tests.integration.sla.desk import Desk
from tests.unit.sla.cases import at


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(at("2026-10-12 10:00"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock) -> Iterator[Database]:
    on_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'sla.db'}" if on_sqlite else request.getfixturevalue("postgres_url")
    database = Database(url, service="sla", clock=clock)
    migrate(database)
    yield database
    database.close()


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    return Desk(database, clock)
