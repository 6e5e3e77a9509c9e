"""SLA's handlers on a database, at the hour at which its stories begin."""

import pytest

from shared.base.database import Database
from shared.testing.clock import ManualClock
from tests.integration.sla.desk import Desk
from tests.unit.sla.cases import at


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(at("2026-10-12 10:00"))


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    return Desk(database, clock)
