"""Notify's handlers on a database, at the hour at which its stories begin."""

import pytest

from shared.base.database import Database
from shared.testing.clock import ManualClock
from tests.integration.notify.office import Office
from tests.unit.notify.events import NOW


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def office(database: Database, clock: ManualClock) -> Office:
    return Office(database, clock)
