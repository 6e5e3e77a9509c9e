"""The names that sla knows by heart are those of the contract."""

from services.sla.domain.changes import Change
from services.sla.domain.clock import State
from services.sla.domain.facts import NAMES
from shared.events.catalogue import CASE_FACTS, CLOCK_CHANGES
from shared.events.schemas.clocks import STATES


def test_facts():
    assert NAMES - {"received"} == set(CASE_FACTS) - {"registered"}


def test_changes():
    assert {str(each) for each in Change} == set(CLOCK_CHANGES)


def test_states():
    assert {str(each) for each in State} == set(STATES)
