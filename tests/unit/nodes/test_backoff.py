"""When a process that died is started again (contracts 1)."""

from hypothesis import given
from hypothesis import strategies as st

from shared.nodes.backoff import DELAYS, Backoff


def test_two_four_eight_and_eight_again() -> None:
    backoff = Backoff()
    assert [backoff.delay(0) for _ in range(5)] == [2, 4, 8, 8, 8]


def test_thirty_seconds_of_health_forgive() -> None:
    backoff = Backoff()
    assert [backoff.delay(healthy) for healthy in (0, 29.9, 30, 0)] == [2, 4, 2, 4]


@given(st.lists(st.floats(0, 1e6)))
def test_it_never_waits_longer_than_the_longest(healths: list[float]) -> None:
    backoff = Backoff()
    assert all(backoff.delay(each) in DELAYS for each in healths)
