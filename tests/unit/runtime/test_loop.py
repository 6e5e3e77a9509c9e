"""Limits on green threads: a bare Timeout is never lost (design 3)."""

import eventlet
import pytest

from shared.kernel.errors import Unavailable
from shared.runtime.loop import LimitReached, limited, within


def sleep_too_long() -> None:
    with eventlet.Timeout(0.01):
        eventlet.sleep(5)


def test_a_bare_timeout_becomes_an_error() -> None:
    with pytest.raises(LimitReached, match=r"0\.01"):
        limited(sleep_too_long)()
    assert issubclass(LimitReached, Unavailable)


def test_everything_else_passes() -> None:
    assert limited(lambda number: number + 1)(1) == 2
    with pytest.raises(ZeroDivisionError):
        limited(lambda: 1 / 0)()


def test_within_tells_whether_it_was_done() -> None:
    assert within(5, lambda: None)
    assert not within(0.01, lambda: eventlet.sleep(5))


def test_within_leaves_the_limits_of_others_alone() -> None:
    with pytest.raises(eventlet.Timeout), eventlet.Timeout(0.01):
        within(5, lambda: eventlet.sleep(5))
