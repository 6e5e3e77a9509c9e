"""Token buckets."""

from hypothesis import given
from hypothesis import strategies as st

from shared.base.buckets import MOST, Buckets


@given(st.lists(st.floats(0, 3), max_size=60), st.floats(0.1, 10), st.integers(1, 20))
def test_never_more_than_the_burst_and_what_came_since(pauses: list[float], rate: float, burst: int) -> None:
    buckets, now, let_in = Buckets(rate, burst), 0.0, 0
    for pause in pauses:
        now += pause
        let_in += not buckets.wait("one", now)
        assert let_in <= burst + now * rate + 1e-6


@given(st.floats(0.1, 10), st.integers(1, 20))
def test_who_waits_as_told_gets_in(rate: float, burst: int) -> None:
    buckets = Buckets(rate, burst)
    for _ in range(burst):
        assert buckets.wait("one", 0) == 0
    assert buckets.wait("one", buckets.wait("one", 0) + 1e-6) == 0
    assert buckets.wait("other", 0) == 0


def test_no_rate_is_no_limit_and_memory_has_one() -> None:
    assert not any(Buckets(0, 0).wait("one", 0) for _ in range(5))
    buckets = Buckets(1, 1)
    for key in range(MOST + 1):
        buckets.wait(str(key), 0)
    assert buckets.wait("0", 0) == 0
