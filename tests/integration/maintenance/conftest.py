"""Maintenance's handlers on a database, at the hour at which its stories begin."""

import pytest

from shared.base.database import Database
from shared.testing.clock import ManualClock
from tests.integration.maintenance.workshop import Workshop, at


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(at("2026-01-05 10:00"))


@pytest.fixture
def workshop(database: Database, clock: ManualClock) -> Workshop:
    return Workshop(database, clock)


@pytest.fixture
def order_no(workshop: Workshop) -> str:
    """An order of routine maintenance, planned for Monday 2 February 2026."""
    workshop.planned_line("2026-01-31")
    workshop.forward("2026-01-20 10:00")
    return "W1-0"
