"""Escalation's handlers on a real database: every test here runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.base.database import Database
from shared.base.migrations import migrate
from shared.testing.clock import ManualClock
from tests.integration.escalation.desk import Desk
from tests.unit.escalation.cases import MONDAY, at


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(at(MONDAY))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, clock: ManualClock) -> Iterator[Database]:
    on_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'escalation.db'}" if on_sqlite else request.getfixturevalue("postgres_url")
    database = Database(url, service="escalation", clock=clock)
    migrate(database)
    yield database
    database.close()


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    return Desk(database, clock)
