"""Intake's handlers on a database, at the hour at which its stories begin."""

from datetime import UTC, datetime

import pytest

from shared.base.database import Database
from shared.testing.clock import ManualClock
from tests.integration.intake.office import Office

START = datetime(2026, 10, 9, 14, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def office(database: Database, clock: ManualClock) -> Office:
    return Office(database, clock)
