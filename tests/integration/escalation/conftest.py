"""Escalation's handlers on a database, on Monday morning."""

import pytest

from shared.base.database import Database
from shared.testing.clock import ManualClock
from tests.integration.escalation.desk import Desk
from tests.unit.escalation.cases import MONDAY, at


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(at(MONDAY))


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    return Desk(database, clock)
