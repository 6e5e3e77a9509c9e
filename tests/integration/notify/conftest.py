"""Notify's handlers on a real database: every test that asks for an office runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.base.database import Database
from shared.testing.clock import ManualClock
from tests.integration.notify.office import Office
from tests.support.databases import KINDS, Databases
from tests.unit.notify.events import NOW


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture(params=KINDS)
def database(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path, clock: ManualClock
) -> Iterator[Database]:
    found = Database(databases.empty(request.param, "notify", tmp_path), service="notify", clock=clock)
    yield found
    found.close()


@pytest.fixture
def office(database: Database, clock: ManualClock) -> Office:
    return Office(database, clock)
