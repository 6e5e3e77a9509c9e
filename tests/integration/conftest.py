"""A service's handlers on a real database: each test that asks for one runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.base.database import Database
from shared.testing.clock import ManualClock
from tests.support.databases import KINDS, Databases


@pytest.fixture(params=KINDS)
def database(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path, clock: ManualClock
) -> Iterator[Database]:
    """An empty database of the service whose folder the test lies in, under the clock of that folder."""
    service = request.path.parent.name
    found = Database(databases.empty(request.param, service, tmp_path), service=service, clock=clock)
    yield found
    found.close()
