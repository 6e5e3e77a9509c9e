"""The names that sla knows by heart are those of the contract."""

from services.sla.domain.changes import Change
from services.sla.domain.clock import State
from shared.events.catalogue import CLOCK_CHANGES
from shared.events.schemas.clocks import STATES


def test_changes():
    assert {str(each) for each in Change} == set(CLOCK_CHANGES)


def test_states():
    assert {str(each) for each in State} == set(STATES)
