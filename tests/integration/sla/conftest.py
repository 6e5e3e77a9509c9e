"""SLA's handlers on a real database: every test here runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.base.database import Database
from shared.testing.clock import ManualClock
from tests.integration.sla.desk import Desk
from tests.support.databases import KINDS, Databases
from tests.unit.sla.cases import at


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(at("2026-10-12 10:00"))


@pytest.fixture(params=KINDS)
def database(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path, clock: ManualClock
) -> Iterator[Database]:
    found = Database(databases.empty(request.param, "sla", tmp_path), service="sla", clock=clock)
    yield found
    found.close()


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    return Desk(database, clock)
