"""Waiting in tests: for a condition, with a limit, never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
STEP_SECONDS = 0.03


def wait_for(look: Callable[[], T | None], what: str, seconds: float = 90.0) -> T:
    """Look until there is something, and give it; after `seconds` the test fails for want of `what`."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:g} s in vain: {what}")
        time.sleep(STEP_SECONDS)
    return found


def stays(look: Callable[[], object], what: str, seconds: float) -> None:
    """It is so now and for `seconds`, during which nothing else may happen."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert look(), f"did not stay so: {what}"
        time.sleep(STEP_SECONDS)
