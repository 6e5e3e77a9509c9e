"""A lane rests while its provider is down, and its rests have an end; a rate is kept but not undercut."""

import pytest

from services.notify.domain import policy
from services.notify.domain.provider import Accepted, Failed
from services.notify.handlers.lanes import FIRST_SECONDS, LONGEST_SECONDS, TROUBLES, Lane

DOWN = Failed("the mail server cannot be used")


class Seconds:
    """Real time, as a test lets it go on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def real_time() -> Seconds:
    return Seconds()


def test_a_provider_that_is_down_for_days_is_looked_at_again_and_again(real_time: Seconds) -> None:
    closed = Lane(policy.Lane(parallel=8), real_time)
    for _ in range(3000):  # a day and more
        closed.note(DOWN)
        assert closed.opens_in() <= LONGEST_SECONDS
        real_time.now += closed.opens_in()
        assert closed.room(0) >= 1
    closed.note(Accepted())
    assert closed.room(0) == 8


def test_calls_that_fail_together_are_one_trouble(real_time: Seconds) -> None:
    closed = Lane(policy.Lane(parallel=8), real_time)
    for _ in range(TROUBLES + 5):
        closed.note(DOWN)
    assert closed.opens_in() == FIRST_SECONDS
    real_time.now += FIRST_SECONDS
    assert closed.room(0) == 1, "one call goes to see"
    closed.note(DOWN)
    assert closed.opens_in() == 2 * FIRST_SECONDS


def test_a_rate_opens_again_as_soon_as_it_allows(real_time: Seconds) -> None:
    slow = Lane(policy.Lane(parallel=1, per_second=10), real_time)
    slow.begin(1)
    assert slow.room(0) == 0
    assert slow.opens_in() == pytest.approx(0.1)
    real_time.now += 0.11
    assert slow.room(0) == 1
