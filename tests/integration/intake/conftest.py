"""Intake's handlers on a real database: every test here runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.base.database import Database
from shared.testing.clock import ManualClock
from tests.integration.intake.office import Office
from tests.support.databases import KINDS, Databases

START = datetime(2026, 10, 9, 14, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture(params=KINDS)
def database(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path, clock: ManualClock
) -> Iterator[Database]:
    found = Database(databases.empty(request.param, "intake", tmp_path), service="intake", clock=clock)
    yield found
    found.close()


@pytest.fixture
def office(database: Database, clock: ManualClock) -> Office:
    return Office(database, clock)
