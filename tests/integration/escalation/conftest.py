"""Escalation's handlers on a real database: every test here runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from services.escalation.storage.tables import metadata
from shared.base.database import Database
from shared.base.migrations import migrate
from shared.testing.clock import ManualClock
from tests.conftest import ADDRESS
from tests.integration.escalation.desk import Desk
from tests.support.keeper import ask
from tests.unit.escalation.cases import MONDAY, at


class Wound(ManualClock):
    """A clock that each test winds back to where it begins."""

    def __init__(self) -> None:
        super().__init__(at(MONDAY))

    def wind_back(self) -> None:
        """Begin anew."""
        self._now = at(MONDAY)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database for the tests of one module: migrating takes longer than most tests."""
    folder = tmp_path_factory.mktemp("escalation")
    on_sqlite = request.param == "sqlite"
    url = f"sqlite:///{folder}/escalation.db" if on_sqlite else ask(request.config.stash[ADDRESS], "database")
    database = Database(url, service="escalation", clock=Wound())
    migrate(database)
    yield database
    database.close()


@pytest.fixture
def desk(home: Database) -> Desk:
    """An empty desk on Monday morning."""
    with home.write() as uow:
        for table in reversed(metadata.sorted_tables):
            uow.connection.execute(sa.delete(table))
    assert isinstance(home.clock, Wound)
    home.clock.wind_back()
    return Desk(home, home.clock)
